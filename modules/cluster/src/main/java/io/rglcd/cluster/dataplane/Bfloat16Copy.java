package io.rglcd.cluster.dataplane;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * Chunks of float32 vectors as bfloat16 and back, by libtorch, which reads and writes memory once:
 * the upper half of a float32, rounded to the nearest, ties to even.
 */
final class Bfloat16Copy {

  private static final TorchFunction PACK =
      TorchFunction.of(
          """
          def forward(self, room: Tensor, vector: Tensor, start: int, length: int) -> List[Tensor]:
            torch.copy_(torch.narrow(room, 0, 0, length), torch.narrow(vector, 0, start, length))
            return annotate(List[Tensor], [])
          """);

  private static final TorchFunction UNPACK =
      TorchFunction.of(
          """
          def forward(self, room: Tensor, vector: Tensor, start: int, length: int) -> List[Tensor]:
            torch.copy_(torch.narrow(vector, 0, start, length), torch.narrow(room, 0, 0, length))
            return annotate(List[Tensor], [])
          """);

  private Bfloat16Copy() {}

  /**
   * Rounds a chunk for its way.
   *
   * @param vector [P] float32
   * @param room receives the chunk from its beginning on
   */
  static void pack(NDArray vector, Chunk chunk, Room room) {
    run(PACK, vector, chunk, room);
  }

  /**
   * Takes over a chunk that has arrived.
   *
   * @param room has the chunk from its beginning on
   * @param vector [P] float32, overwritten there
   */
  static void unpack(Room room, NDArray vector, Chunk chunk) {
    run(UNPACK, vector, chunk, room);
  }

  private static void run(TorchFunction copy, NDArray vector, Chunk chunk, Room room) {
    try (Scope nothing = Scope.open(Device.cpu())) {
      copy.callAll(nothing, room.numbers(), vector, chunk.offset(), (long) chunk.elements());
    }
  }
}
