package io.rglcd.cluster.dataplane;

import io.rglcd.simd.Bfloat16Vectors;
import java.nio.ByteBuffer;

/** Numbers travel as bfloat16; sums by vector instructions. */
final class SimdBfloat16Sum extends BlockSum {

  private final ByteBuffer rounded = ByteBuffer.allocateDirect(SIZE * Short.BYTES);

  @Override
  void multiply(Operand operand, int at, float weight, float[] sum, int count) {
    if (operand.isHere()) {
      Bfloat16Vectors.pack(operand.bytes(), at, rounded, 0, count);
      Bfloat16Vectors.multiply(rounded, 0, weight, sum, count);
    } else {
      Bfloat16Vectors.multiply(operand.bytes(), at, weight, sum, count);
    }
  }

  @Override
  void add(Operand operand, int at, float weight, float[] sum, int count) {
    if (operand.isHere()) {
      Bfloat16Vectors.pack(operand.bytes(), at, rounded, 0, count);
      Bfloat16Vectors.add(rounded, 0, weight, sum, count);
    } else {
      Bfloat16Vectors.add(operand.bytes(), at, weight, sum, count);
    }
  }

  @Override
  ByteBuffer write(float[] sum, ByteBuffer frame, int at, int count) {
    Bfloat16Vectors.write(sum, frame, at, count);
    return frame.slice(at * Short.BYTES, Wire.BF16.frameBytes(count));
  }
}
