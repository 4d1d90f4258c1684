package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.ArrayList;
import java.util.List;

/** Applies a network to a batch in pieces and joins what comes out. Gradients flow through it. */
final class Pieces {

  private static final TorchFunction PIECE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, start: int, count: int) -> Tensor:
            return torch.narrow(x, 0, start, count)
          """);

  private static final TorchFunction JOIN =
      TorchFunction.of(
          """
          def forward(self, pieces: List[Tensor]) -> Tensor:
            return torch.cat(pieces)
          """);

  private Pieces() {}

  /** A network with one or more results, each with the batch in front. */
  @FunctionalInterface
  interface Network {
    NDList apply(Scope scope, NDArray batch);
  }

  /**
   * The results for the whole batch; where it is no larger than a piece, those of one call.
   *
   * @param scope owns the results
   * @param batch [B,...]
   * @param size of a piece at most
   */
  static NDList map(Scope scope, NDArray batch, int size, Network network) {
    long all = batch.getShape().get(0);
    if (all <= size) {
      return network.apply(scope, batch);
    }
    try (Scope inner = scope.child()) {
      List<NDList> pieces = new ArrayList<>();
      for (long start = 0; start < all; start += size) {
        long count = Math.min(size, all - start);
        pieces.add(network.apply(inner, PIECE.call(inner, batch, start, count)));
      }
      NDList joined = new NDList();
      for (int result = 0; result < pieces.get(0).size(); result++) {
        int which = result;
        joined.add(JOIN.call(inner, pieces.stream().map(piece -> piece.get(which)).toList()));
      }
      return inner.keep(joined);
    }
  }
}
