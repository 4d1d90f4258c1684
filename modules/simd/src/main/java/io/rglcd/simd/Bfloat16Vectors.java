package io.rglcd.simd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Float32 as bfloat16 and back, and weighted sums of bfloat16, with the processor's vector
 * instructions. A bfloat16 is the upper half of a float32, rounded to the nearest, ties to even;
 * what is not a number becomes the bits 0x7fc0, as in libtorch. Each product and each sum is
 * rounded to float32 by itself. All numbers in memory are little-endian.
 */
public final class Bfloat16Vectors {

  private static final int NAN = 0x7fc00000;
  private static final int INFINITY = 0x7f800000;
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private Bfloat16Vectors() {}

  /**
   * Rounds numbers.
   *
   * @param floats float32
   * @param at the number in floats at which they begin
   * @param packed receives bfloat16
   * @param to the number in packed at which they begin
   */
  public static void pack(ByteBuffer floats, int at, ByteBuffer packed, int to, int count) {
    int whole = Lanes.INTS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      store(
          IntVector.fromByteBuffer(Lanes.INTS, floats, (at + i) * Float.BYTES, ORDER),
          packed,
          to + i);
    }
    ByteBuffer from = floats.duplicate().order(ORDER);
    for (int i = whole; i < count; i++) {
      storeOne(from.getInt((at + i) * Float.BYTES), packed, to + i);
    }
  }

  /**
   * Takes numbers over.
   *
   * @param packed bfloat16
   * @param at the number in packed at which they begin
   * @param floats receives float32
   * @param to the number in floats at which they begin
   */
  public static void unpack(ByteBuffer packed, int at, ByteBuffer floats, int to, int count) {
    int whole = Lanes.INTS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      load(packed, at + i).intoByteBuffer(floats, (to + i) * Float.BYTES, ORDER);
    }
    ByteBuffer rest = floats.duplicate().order(ORDER);
    for (int i = whole; i < count; i++) {
      rest.putFloat((to + i) * Float.BYTES, loadOne(packed, at + i));
    }
  }

  /**
   * Begins a sum: numbers multiplied.
   *
   * @param packed bfloat16
   * @param at the number in packed at which they begin
   * @param sum [count], overwritten
   */
  public static void multiply(ByteBuffer packed, int at, float weight, float[] sum, int count) {
    int whole = Lanes.INTS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      load(packed, at + i).reinterpretAsFloats().mul(weight).intoArray(sum, i);
    }
    for (int i = whole; i < count; i++) {
      sum[i] = loadOne(packed, at + i) * weight;
    }
  }

  /**
   * Adds numbers multiplied.
   *
   * @param packed bfloat16
   * @param at the number in packed at which they begin
   * @param sum [count], which they are added to
   */
  public static void add(ByteBuffer packed, int at, float weight, float[] sum, int count) {
    int whole = Lanes.INTS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      FloatVector.fromArray(Lanes.FLOATS, sum, i)
          .add(load(packed, at + i).reinterpretAsFloats().mul(weight))
          .intoArray(sum, i);
    }
    for (int i = whole; i < count; i++) {
      sum[i] = sum[i] + loadOne(packed, at + i) * weight;
    }
  }

  /**
   * Writes a sum.
   *
   * @param sum [count]
   * @param packed receives bfloat16
   * @param at the number in packed at which they begin
   */
  public static void write(float[] sum, ByteBuffer packed, int at, int count) {
    int whole = Lanes.INTS.loopBound(count);
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      store(FloatVector.fromArray(Lanes.FLOATS, sum, i).reinterpretAsInts(), packed, at + i);
    }
    for (int i = whole; i < count; i++) {
      storeOne(Float.floatToRawIntBits(sum[i]), packed, at + i);
    }
  }

  private static IntVector load(ByteBuffer packed, int index) {
    ShortVector upper =
        ShortVector.fromByteBuffer(Lanes.SHORTS, packed, index * Short.BYTES, ORDER);
    return ((IntVector) upper.convertShape(VectorOperators.S2I, Lanes.INTS, 0))
        .lanewise(VectorOperators.LSHL, Short.SIZE);
  }

  private static void store(IntVector x, ByteBuffer packed, int index) {
    IntVector rounded = x.lanewise(VectorOperators.LSHR, Short.SIZE).and(1).add(0x7fff).add(x);
    VectorMask<Integer> isNan = x.and(Integer.MAX_VALUE).compare(VectorOperators.GT, INFINITY);
    IntVector upper = rounded.blend(NAN, isNan).lanewise(VectorOperators.LSHR, Short.SIZE);
    ((ShortVector) upper.convertShape(VectorOperators.I2S, Lanes.SHORTS, 0))
        .intoByteBuffer(packed, index * Short.BYTES, ORDER);
  }

  private static float loadOne(ByteBuffer packed, int index) {
    short upper = packed.duplicate().order(ORDER).getShort(index * Short.BYTES);
    return Float.intBitsToFloat(upper << Short.SIZE);
  }

  private static void storeOne(int x, ByteBuffer packed, int index) {
    boolean isNan = (x & Integer.MAX_VALUE) > INFINITY;
    int rounded = isNan ? NAN : x + 0x7fff + ((x >>> Short.SIZE) & 1);
    packed.duplicate().order(ORDER).putShort(index * Short.BYTES, (short) (rounded >>> Short.SIZE));
  }
}
