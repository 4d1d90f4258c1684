package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;

/** Numbers travel as they are. */
final class Float32Sum extends BlockSum {

  @Override
  Wire wire() {
    return Wire.FP32;
  }

  @Override
  void read(Operand operand, int at, float[] numbers, int count) {
    operand.floats().get(at, numbers, 0, count);
  }

  @Override
  void write(float[] sum, ByteBuffer block, int count) {
    block.asFloatBuffer().put(0, sum, 0, count);
  }
}
