package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/** How numbers travel. */
public enum Wire {
  /** As they are, 4 bytes. */
  FP32(4, 6),
  /**
   * As bfloat16, 2 bytes, rounded to the nearest, ties to even. What a node keeps for itself is
   * rounded too, so that the result does not depend on who computed what.
   */
  BF16(2, 15);

  private static final TorchFunction ZEROS =
      TorchFunction.of(
          """
          def forward(self, elements: int, type: int) -> Tensor:
            return torch.zeros([1, elements], dtype=type)
          """);

  /** Copying between types converts: to the nearest, ties to even. */
  private static final TorchFunction PACK =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, x: Tensor, start: int, length: int) -> List[Tensor]:
            torch.copy_(torch.narrow(to[0], 0, 0, length), torch.narrow(x, 0, start, length))
            return annotate(List[Tensor], [])
          """);

  private static final TorchFunction UNPACK =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, start: int, x: Tensor, length: int) -> List[Tensor]:
            torch.copy_(torch.narrow(to, 0, start, length), torch.narrow(x[0], 0, 0, length))
            return annotate(List[Tensor], [])
          """);

  private final int bytes;
  private final long type;

  Wire(int bytes, long type) {
    this.bytes = bytes;
    this.type = type;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** A tensor [1, elements] of such numbers, on the CPU; other vectors have one dimension. */
  NDArray zeros(Scope scope, long elements) {
    return ZEROS.call(scope, elements, type);
  }

  /** Writes length numbers of a float32 vector to the beginning of a tensor of wire numbers. */
  static void pack(Scope scope, NDArray to, NDArray vector, long start, long length) {
    PACK.callAll(scope, to, vector, start, length);
  }

  /** Writes the first numbers of a tensor of wire numbers into a float32 vector. */
  static void unpack(Scope scope, NDArray vector, long start, NDArray from, long length) {
    UNPACK.callAll(scope, vector, start, from, length);
  }
}
