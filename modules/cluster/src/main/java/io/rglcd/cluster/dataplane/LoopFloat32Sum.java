package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers travel as they are and are copied block by block. */
final class LoopFloat32Sum extends LoopSum {

  @Override
  void read(Operand operand, int at, float[] numbers, int count) {
    block(operand.bytes(), at, count).asFloatBuffer().get(numbers, 0, count);
  }

  @Override
  ByteBuffer write(float[] sum, ByteBuffer frame, int at, int count) {
    ByteBuffer block = block(frame, at, count);
    block.asFloatBuffer().put(sum, 0, count);
    return block;
  }

  private static ByteBuffer block(ByteBuffer frame, int at, int count) {
    return frame.slice(at * Float.BYTES, count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
