package io.rglcd.cluster.dataplane;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import io.rglcd.tensor.TorchFunction;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Memory for chunks on their way, used again and again. Thread-safe. */
final class Staging implements AutoCloseable {

  private static final TorchFunction EMPTY =
      TorchFunction.of(
          """
          def forward(self, elements: int, type: int) -> Tensor:
            return torch.empty([elements], dtype=type, device=torch.device("cpu"))
          """);

  private final Scope scope = Scope.open(Device.cpu());
  private final Deque<Room> free = new ArrayDeque<>();
  private final Wire wire;
  private final int elements;

  /**
   * Memory that one chunk fits in.
   *
   * @param numbers as they travel
   * @param bytes the same memory
   */
  record Room(NDArray numbers, ByteBuffer bytes) {

    /** The first bytes of it. */
    ByteBuffer bytes(int length) {
      return bytes.slice(0, length);
    }
  }

  /**
   * Room for chunks.
   *
   * @param elements of a chunk at most
   */
  Staging(Wire wire, int elements) {
    this.wire = wire;
    this.elements = elements + elements % 2;
  }

  /** Room for one chunk. */
  synchronized Room take() {
    Room room = free.poll();
    if (room != null) {
      return room;
    }
    NDArray numbers = EMPTY.call(scope, (long) elements, wire.torchType());
    return new Room(numbers, TensorBuffers.alias(numbers));
  }

  synchronized void give(Room room) {
    free.push(room);
  }

  /** Frees all rooms; nobody may use one any more. */
  @Override
  public synchronized void close() {
    scope.close();
  }
}
