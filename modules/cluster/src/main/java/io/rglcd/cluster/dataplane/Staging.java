package io.rglcd.cluster.dataplane;

import ai.djl.Device;
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
          def forward(self, bytes: int) -> Tensor:
            return torch.empty([bytes], dtype=0, device=torch.device("cpu"))
          """);

  private final Scope scope = Scope.open(Device.cpu());
  private final Deque<Room> free = new ArrayDeque<>();
  private final long bytes;

  /**
   * Memory that one chunk fits in.
   *
   * @param bytes all of it
   */
  record Room(ByteBuffer bytes) {

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
    this.bytes = wire.frameBytes(elements);
  }

  /** Room for one chunk. */
  synchronized Room take() {
    Room room = free.poll();
    if (room != null) {
      return room;
    }
    return new Room(TensorBuffers.alias(EMPTY.call(scope, bytes)));
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
