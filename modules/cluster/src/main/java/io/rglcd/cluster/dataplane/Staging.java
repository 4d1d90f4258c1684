package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Memory for frames on their way: buffers that are also tensors, used again and again. */
final class Staging implements AutoCloseable {

  /**
   * Room for one chunk.
   *
   * @param bytes of the wire's numbers, direct
   * @param raw the same memory, int8
   * @param numbers float32 [chunk]; the same memory where numbers travel as float32
   */
  record Slot(ByteBuffer bytes, NDArray raw, NDArray numbers) {}

  private final Scope scope = Scope.open();
  private final Deque<Slot> free = new ArrayDeque<>();
  private final Wire wire;
  private final int chunk;

  Staging(Wire wire, int chunk) {
    this.wire = wire;
    this.chunk = chunk;
  }

  synchronized Slot take() {
    Slot slot = free.poll();
    if (slot == null) {
      NDArray numbers = scope.manager().zeros(new Shape(chunk));
      NDArray raw =
          wire == Wire.FP32
              ? numbers
              : scope.manager().zeros(new Shape((long) chunk * wire.bytes()), DataType.INT8);
      slot = new Slot(TensorBuffers.alias(raw), raw, numbers);
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
