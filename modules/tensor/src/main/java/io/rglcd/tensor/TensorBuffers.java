package io.rglcd.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of tensors, row-major, as direct little-endian buffers. */
public final class TensorBuffers {

  /** A buffer holds less than 2 GiB; a chunk is well below that. */
  private static final int MAX_CHUNK_BYTES = 1 << 28;

  private static final TorchFunction NARROW =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, start: int, length: int) -> Tensor:
            return torch.narrow(torch.reshape(x, [-1]), 0, start, length)
          """);

  private static final TorchFunction FLAT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.reshape(torch.detach(x), [-1])
          """);

  private static final TorchFunction CHUNK =
      TorchFunction.of(
          """
          def forward(self, flat: Tensor, start: int, length: int) -> Tensor:
            return torch.narrow(flat, 0, start, length).cpu()
          """);

  private static final TorchFunction COPY =
      TorchFunction.of(
          """
          def forward(self, to: Tensor, source: Tensor) -> List[Tensor]:
            torch.copy_(to, source)
            return annotate(List[Tensor], [])
          """);

  private TensorBuffers() {}

  /**
   * Does something with a chunk; the buffer is valid until it returns.
   *
   * @param <E> what it may throw
   */
  @FunctionalInterface
  public interface ChunkAction<E extends Exception> {
    /** Called with one chunk after the other, each from its first byte to its last. */
    void accept(ByteBuffer chunk) throws E;
  }

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
   * Copies a tensor's values over those of another of the same shape, each on whatever device.
   *
   * @param source unchanged
   * @param to overwritten
   */
  public static void copy(NDArray source, NDArray to) {
    try (Scope scope = Scope.open(to.getDevice())) {
      COPY.callAll(scope, to, source);
    }
  }

  /**
   * A buffer that aliases the tensor: writes go through. Valid while the tensor lives.
   *
   * @param array contiguous, on the CPU, below 2 GiB
   */
  public static ByteBuffer alias(NDArray array) {
    return JniUtils.getByteBuffer((PtNDArray) array, true).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Shows a tensor's elements in order. A contiguous one on the CPU is not copied: its chunks alias
   * it, and what is written into them is written into it. Another one is copied, from a device
   * chunk by chunk.
   *
   * @param array of any size
   */
  public static <E extends Exception> void forEachChunk(NDArray array, ChunkAction<E> action)
      throws E {
    forEachChunk(array, MAX_CHUNK_BYTES, action);
  }

  /** With chunks of at most maxBytes, at least the size of an element. */
  static <E extends Exception> void forEachChunk(NDArray array, int maxBytes, ChunkAction<E> action)
      throws E {
    long size = array.size();
    long most = maxBytes / array.getDataType().getNumOfBytes();
    try (Scope scope = Scope.open(array.getDevice())) {
      NDArray flat = FLAT.call(scope, array);
      for (long start = 0; start < size; start += most) {
        try (Scope inner = scope.child()) {
          action.accept(alias(CHUNK.call(inner, flat, start, Math.min(most, size - start))));
        }
      }
    }
  }
}
