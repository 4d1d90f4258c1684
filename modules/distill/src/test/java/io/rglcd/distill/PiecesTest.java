package io.rglcd.distill;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PiecesTest {

  private static final TorchFunction SQUARE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return x * x
          """);

  private static final TorchFunction SUM =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.sum(x)
          """);

  @Test
  void joinsThePiecesInOrderTheLastOneShorter() {
    try (Scope scope = Scope.open()) {
      List<Long> sizes = new ArrayList<>();
      NDArray x = scope.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, new Shape(5, 2));

      NDList found =
          Pieces.map(
              scope,
              x,
              2,
              (s, piece) -> {
                sizes.add(piece.getShape().get(0));
                return new NDList(SQUARE.call(s, piece), piece);
              });

      assertThat(sizes).containsExactly(2L, 2L, 1L);
      assertThat(found.get(0).toFloatArray()).containsExactly(1, 4, 9, 16, 25, 36, 49, 64, 81, 100);
      assertThat(found.get(1).toFloatArray()).containsExactly(x.toFloatArray());
      assertThat(found.get(0).getShape()).isEqualTo(new Shape(5, 2));
    }
  }

  @Test
  void gradientsFlowThroughThePieces() {
    try (Scope scope = Scope.open()) {
      NDArray leaf = Autograd.leaf(scope, scope.create(new float[] {1, 2, 3}));
      NDArray loss =
          Autograd.recording(
              () ->
                  SUM.call(
                      scope,
                      Pieces.map(scope, leaf, 2, (s, piece) -> new NDList(SQUARE.call(s, piece)))
                          .get(0)));

      NDArray gradient = Autograd.gradient(scope, loss, leaf, scope.create(1f));

      assertThat(gradient.toFloatArray()).containsExactly(2, 4, 6);
    }
  }
}
