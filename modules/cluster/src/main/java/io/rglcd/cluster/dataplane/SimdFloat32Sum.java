package io.rglcd.cluster.dataplane;

import io.rglcd.simd.Float32Vectors;
import java.nio.ByteBuffer;

/** Numbers travel as they are; sums by vector instructions. */
final class SimdFloat32Sum extends BlockSum {

  @Override
  void multiply(Operand operand, int at, float weight, float[] sum, int count) {
    Float32Vectors.multiply(operand.bytes(), at, weight, sum, count);
  }

  @Override
  void add(Operand operand, int at, float weight, float[] sum, int count) {
    Float32Vectors.add(operand.bytes(), at, weight, sum, count);
  }

  @Override
  ByteBuffer write(float[] sum, ByteBuffer frame, int at, int count) {
    Float32Vectors.write(sum, frame, at, count);
    return frame.slice(at * Float.BYTES, count * Float.BYTES);
  }
}
