package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a flat float32 tensor of any length, without a copy. A buffer holds less than 2 GiB,
 * so there are several, each reaching as far into the next as a frame may be long.
 */
final class VectorBuffer {

  private static final long STRIDE = 1L << 28;
  private static final long REACH = 1L << 24;

  private final List<ByteBuffer> parts = new ArrayList<>();

  /**
   * Valid while the tensor lives.
   *
   * @param vector [P] float32 on the CPU, contiguous
   */
  VectorBuffer(NDArray vector) {
    long size = vector.size();
    for (long start = 0; start < size; start += STRIDE) {
      long length = Math.min(STRIDE + REACH, size - start);
      try (Scope scope = Scope.open()) {
        parts.add(TensorBuffers.alias(TensorBuffers.narrow(scope, vector, start, length)));
      }
    }
  }

  /** The bytes of a chunk. */
  ByteBuffer of(Chunk chunk) {
    return of(chunk.offset(), chunk.elements());
  }

  /** The bytes of at most 2^24 numbers. */
  ByteBuffer of(long offset, int elements) {
    int at = (int) (offset % STRIDE) * Float.BYTES;
    return parts.get((int) (offset / STRIDE)).slice(at, elements * Float.BYTES);
  }
}
