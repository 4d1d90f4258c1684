package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/** How numbers travel. */
public enum Wire {
  /** As they are, 4 bytes. */
  FP32(4),
  /**
   * As bfloat16, 2 bytes, rounded to the nearest, ties to even. What a node keeps for itself is
   * rounded too, so that the result does not depend on who computed what.
   */
  BF16(2);

  private static final TorchFunction PACK =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, x: Tensor) -> List[Tensor]:
            torch.copy_(to, torch.view_copy(torch.to(x, 15), dtype=1))
            return annotate(List[Tensor], [])
          """);

  private static final TorchFunction UNPACK =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, x: Tensor) -> List[Tensor]:
            torch.copy_(to, torch.to(torch.view_copy(x, dtype=15), 6))
            return annotate(List[Tensor], [])
          """);

  private static final TorchFunction ROUND =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, x: Tensor) -> List[Tensor]:
            torch.copy_(to, torch.to(torch.to(x, 15), 6))
            return annotate(List[Tensor], [])
          """);

  private final int bytes;

  Wire(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** Packs float32 [N] into int8 [2 N]; BF16 only. */
  static void pack(Scope scope, NDArray to, NDArray x) {
    PACK.callAll(scope, to, x);
  }

  /** Unpacks int8 [2 N] into float32 [N]; BF16 only. */
  static void unpack(Scope scope, NDArray to, NDArray x) {
    UNPACK.callAll(scope, to, x);
  }

  /** Rounds float32 [N] as travelling would. */
  static void round(Scope scope, NDArray to, NDArray x) {
    ROUND.callAll(scope, to, x);
  }
}
