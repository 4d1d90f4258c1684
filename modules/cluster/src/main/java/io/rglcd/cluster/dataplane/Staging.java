package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Memory for chunks on their way: buffers that are also tensors, used again and again. */
final class Staging implements AutoCloseable {

  /**
   * Room for one chunk.
   *
   * @param bytes direct
   * @param numbers the same memory, as the wire writes numbers [1, chunk]
   */
  record Slot(ByteBuffer bytes, NDArray numbers) {}

  private final Scope scope = Scope.open();
  private final Deque<Slot> free = new ArrayDeque<>();
  private final Wire wire;
  private final int chunkElements;

  Staging(Wire wire, int chunkElements) {
    this.wire = wire;
    this.chunkElements = chunkElements;
  }

  synchronized Slot take() {
    Slot slot = free.poll();
    if (slot == null) {
      NDArray numbers = wire.zeros(scope, chunkElements);
      slot = new Slot(TensorBuffers.alias(numbers), numbers);
    }
    slot.bytes().clear();
    return slot;
  }

  synchronized void give(Slot slot) {
    free.push(slot);
  }

  @Override
  public synchronized void close() {
    scope.close();
  }
}
