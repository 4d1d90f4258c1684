package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Numbers travel as they are. */
final class Float32Sum extends BlockSum {

  @Override
  void read(ByteBuffer frame, int at, int count) {
    block(frame, at, count).asFloatBuffer().get(numbers, 0, count);
  }

  @Override
  void write(ByteBuffer frame, int at, int count, CRC32C crc) {
    ByteBuffer block = block(frame, at, count);
    block.asFloatBuffer().put(take(), 0, count);
    crc.update(block);
  }

  private static ByteBuffer block(ByteBuffer frame, int at, int count) {
    return frame.slice(at * Float.BYTES, count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
