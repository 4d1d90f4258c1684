package io.rglcd.simd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Weighted sums of float32 with the processor's vector instructions; each product and each sum is
 * rounded by itself, as libtorch's are. All numbers in memory are little-endian.
 */
public final class Float32Vectors {

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private Float32Vectors() {}

  /**
   * Begins a sum: numbers multiplied.
   *
   * @param floats float32
   * @param at the number in floats at which they begin
   * @param sum [count], overwritten
   */
  public static void multiply(ByteBuffer floats, int at, float weight, float[] sum, int count) {
    int whole = Lanes.FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      load(floats, at + i).mul(weight).intoArray(sum, i);
    }
    for (int i = whole; i < count; i++) {
      sum[i] = one(floats, at + i) * weight;
    }
  }

  /**
   * Adds numbers multiplied.
   *
   * @param floats float32
   * @param at the number in floats at which they begin
   * @param sum [count], which they are added to
   */
  public static void add(ByteBuffer floats, int at, float weight, float[] sum, int count) {
    int whole = Lanes.FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.FLOATS, sum, i)
          .add(load(floats, at + i).mul(weight))
          .intoArray(sum, i);
    }
    for (int i = whole; i < count; i++) {
      sum[i] = sum[i] + one(floats, at + i) * weight;
    }
  }

  /**
   * Writes a sum.
   *
   * @param sum [count]
   * @param floats receives float32
   * @param at the number in floats at which they begin
   */
  public static void write(float[] sum, ByteBuffer floats, int at, int count) {
    int whole = Lanes.FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.FLOATS, sum, i)
          .intoByteBuffer(floats, (at + i) * Float.BYTES, ORDER);
    }
    ByteBuffer rest = floats.duplicate().order(ORDER);
    for (int i = whole; i < count; i++) {
      rest.putFloat((at + i) * Float.BYTES, sum[i]);
    }
  }

  private static FloatVector load(ByteBuffer floats, int index) {
    return FloatVector.fromByteBuffer(Lanes.FLOATS, floats, index * Float.BYTES, ORDER);
  }

  private static float one(ByteBuffer floats, int index) {
    return floats.duplicate().order(ORDER).getFloat(index * Float.BYTES);
  }
}
