package io.rglcd.cluster.dataplane;

import ai.djl.Device;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/** By libtorch, which reads and writes memory once; sums by loops, as Java runs them anywhere. */
final class LibtorchArithmetic implements Arithmetic {

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

  @Override
  public String name() {
    return "loops and libtorch, not vector instructions (they need Java 17 or 18 on a processor with "
        + "AVX2, and --add-modules jdk.incubator.vector)";
  }

  @Override
  public int pack(VectorBuffer vector, Chunk chunk, Room room) {
    run(PACK, vector, chunk, room);
    return Addition.checksum(room.bytes(Wire.BF16.frameBytes(chunk.elements())));
  }

  @Override
  public void unpack(Room room, VectorBuffer vector, Chunk chunk) {
    run(UNPACK, vector, chunk, room);
  }

  @Override
  public BlockSum blockSum(Wire wire) {
    return wire == Wire.FP32 ? new LoopFloat32Sum() : new LoopBfloat16Sum();
  }

  private static void run(TorchFunction copy, VectorBuffer vector, Chunk chunk, Room room) {
    long elements = chunk.elements();
    try (Scope nothing = Scope.open(Device.cpu())) {
      copy.callAll(nothing, room.numbers(), vector.numbers(), chunk.offset(), elements);
    }
  }
}
