package io.rglcd.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** The bytes of CPU tensors, without a copy. */
public final class TensorBuffers {

  /** A buffer holds less than 2 GiB; a chunk is well below that and a multiple of 8 bytes. */
  private static final long CHUNK_ELEMENTS = 1L << 26;

  private static final TorchFunction NARROW =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, start: int, length: int) -> Tensor:
            return torch.narrow(torch.reshape(x, [-1]), 0, start, length)
          """);

  private TensorBuffers() {}

  /**
   * A view of elements of a flat tensor.
   *
   * @param flat [N]
   * @return [length], sharing memory with flat
   */
  public static NDArray narrow(Scope scope, NDArray flat, long start, long length) {
    return NARROW.call(scope, flat, start, length);
  }

  /**
   * A direct little-endian buffer that aliases the tensor: writes go through. Valid while the
   * tensor lives.
   *
   * @param array contiguous, on the CPU, below 2 GiB
   */
  public static ByteBuffer alias(NDArray array) {
    return JniUtils.getByteBuffer((PtNDArray) array, true).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Shows the tensor's bytes in order, in chunks that alias it.
   *
   * @param array contiguous, on the CPU, of any size
   */
  public static void forEachChunk(NDArray array, Consumer<ByteBuffer> action) {
    long size = array.size();
    try (Scope scope = Scope.open(array.getDevice())) {
      for (long start = 0; start < size; start += CHUNK_ELEMENTS) {
        long length = Math.min(CHUNK_ELEMENTS, size - start);
        action.accept(alias(narrow(scope, array, start, length)));
      }
    }
  }
}
