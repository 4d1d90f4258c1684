package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import io.rglcd.simd.Bfloat16Vectors;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** By the processor's vector instructions, which read and write memory once. */
final class SimdArithmetic implements Arithmetic {

  /**
   * Numbers that are still in the nearest cache when they are added to a CRC32C; an even number.
   */
  private static final int PIECE = 1 << 13;

  @Override
  public String name() {
    return "vector instructions";
  }

  @Override
  public int pack(VectorBuffer vector, Chunk chunk, Room room) {
    ByteBuffer floats = vector.of(chunk);
    ByteBuffer packed = room.bytes();
    CRC32C crc = new CRC32C();
    for (int at = 0; at < chunk.elements(); at += PIECE) {
      int count = Math.min(PIECE, chunk.elements() - at);
      Bfloat16Vectors.pack(floats, at, packed, at, count);
      crc.update(packed.slice(at * Short.BYTES, Wire.BF16.frameBytes(count)));
    }
    return (int) crc.getValue();
  }

  @Override
  public void unpack(Room room, VectorBuffer vector, Chunk chunk) {
    Bfloat16Vectors.unpack(room.bytes(), 0, vector.of(chunk), 0, chunk.elements());
  }

  @Override
  public BlockSum blockSum(Wire wire) {
    return wire == Wire.FP32 ? new SimdFloat32Sum() : new SimdBfloat16Sum();
  }
}
