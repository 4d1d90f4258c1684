package io.rglcd.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vector instructions against plain Java, one number at a time. */
class VectorsTest {

  /** What none of the methods may touch. */
  private static final byte UNTOUCHED = 0x5a;

  @BeforeEach
  @BeforeProperty
  void whereThereAreSuch() {
    assumeTrue(
        VectorInstructions.areUsable(), "no vector instructions: Java is not 17 or 18, or narrow");
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      int bits = random.nextInt();
      numbers[i] = Float.intBitsToFloat(random.nextBoolean() ? bits : bits & 0xffff0000 | 0x8000);
    }
    return numbers;
  }

  private static ByteBuffer memory(int bytes) {
    byte[] untouched = new byte[bytes];
    Arrays.fill(untouched, UNTOUCHED);
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN).put(untouched).clear();
  }

  private static ByteBuffer floats(int at, float[] numbers) {
    ByteBuffer floats = memory((at + numbers.length + 1) * Float.BYTES);
    floats.asFloatBuffer().put(at, numbers);
    return floats;
  }

  /** By comparing what falls away with a half of it, not by adding to the bits. */
  private static short nearest(float x) {
    if (Float.isNaN(x)) {
      return 0x7fc0;
    }
    int lower = Float.floatToRawIntBits(x) & 0xffff0000;
    int dropped = Float.floatToRawIntBits(x) & 0xffff;
    boolean isLowerEven = (lower >>> 16) % 2 == 0;
    boolean up = dropped > 0x8000 || (dropped == 0x8000 && !isLowerEven);
    return (short) ((lower >>> 16) + (up ? 1 : 0));
  }

  @Property(tries = 300)
  void numbersAreRoundedToTheNearestAndTiesToEven(
      @ForAll @IntRange(min = 1, max = 100) int count,
      @ForAll @IntRange(min = 0, max = 9) int at,
      @ForAll @IntRange(min = 0, max = 9) int to,
      @ForAll long seed) {
    float[] numbers = numbers(new Random(seed), count);
    ByteBuffer packed = memory((to + count + 1) * Short.BYTES);
    Bfloat16Vectors.pack(floats(at, numbers), at, packed, to, count);
    ByteBuffer written = memory((to + count + 1) * Short.BYTES);
    Bfloat16Vectors.write(numbers, written, to, count);
    for (int i = 0; i < count; i++) {
      assertThat(packed.getShort((to + i) * Short.BYTES)).isEqualTo(nearest(numbers[i]));
    }
    assertThat(written).isEqualTo(packed);
    assertThat(packed.get((to + count) * Short.BYTES)).as("after the last").isEqualTo(UNTOUCHED);
    ByteBuffer back = memory((at + count + 1) * Float.BYTES);
    Bfloat16Vectors.unpack(packed, to, back, at, count);
    for (int i = 0; i < count; i++) {
      assertThat(back.getInt((at + i) * Float.BYTES)).isEqualTo(nearest(numbers[i]) << 16);
    }
    assertThat(back.get((at + count) * Float.BYTES)).as("after the last").isEqualTo(UNTOUCHED);
  }

  @Property(tries = 300)
  void productsAndSumsAreRoundedOneByOne(
      @ForAll @IntRange(min = 1, max = 100) int count,
      @ForAll @IntRange(min = 0, max = 9) int at,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[] a = numbers(random, count);
    float[] b = numbers(random, count);
    float v = random.nextFloat();
    float w = random.nextFloat();
    ByteBuffer packed = memory((at + count) * Short.BYTES);
    float[] sum = new float[count];
    Bfloat16Vectors.pack(floats(0, a), 0, packed, at, count);
    Bfloat16Vectors.multiply(packed, at, v, sum, count);
    Bfloat16Vectors.pack(floats(0, b), 0, packed, at, count);
    Bfloat16Vectors.add(packed, at, w, sum, count);
    float[] exact = new float[count];
    Float32Vectors.multiply(floats(at, a), at, v, exact, count);
    Float32Vectors.add(floats(at, b), at, w, exact, count);
    for (int i = 0; i < count; i++) {
      assertThat(bits(sum[i])).isEqualTo(bits(rounded(a[i]) * v + rounded(b[i]) * w));
      assertThat(bits(exact[i])).isEqualTo(bits(a[i] * v + b[i] * w));
    }
    ByteBuffer written = memory((at + count + 1) * Float.BYTES);
    Float32Vectors.write(exact, written, at, count);
    for (int i = 0; i < count; i++) {
      assertThat(bits(written.getFloat((at + i) * Float.BYTES))).isEqualTo(bits(exact[i]));
    }
    assertThat(written.get((at + count) * Float.BYTES)).as("after the last").isEqualTo(UNTOUCHED);
  }

  /** One value for all that is not a number. */
  private static int bits(float x) {
    return Float.floatToIntBits(x);
  }

  private static float rounded(float x) {
    return Float.intBitsToFloat(nearest(x) << 16);
  }

  @Test
  void eachBfloat16IsItselfThere() {
    ByteBuffer packed = memory(Short.BYTES << 16);
    for (int i = 0; i < 1 << 16; i++) {
      packed.putShort(i * Short.BYTES, (short) i);
    }
    ByteBuffer floats = memory(Float.BYTES << 16);
    Bfloat16Vectors.unpack(packed, 0, floats, 0, 1 << 16);
    ByteBuffer again = memory(Short.BYTES << 16);
    Bfloat16Vectors.pack(floats, 0, again, 0, 1 << 16);
    for (int i = 0; i < 1 << 16; i++) {
      assertThat(floats.getInt(i * Float.BYTES)).isEqualTo(i << 16);
      boolean isNan = (i & 0x7fff) > 0x7f80;
      assertThat(again.getShort(i * Short.BYTES)).isEqualTo((short) (isNan ? 0x7fc0 : i));
    }
  }
}
