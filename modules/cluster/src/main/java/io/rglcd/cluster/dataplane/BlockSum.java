package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The arithmetic of the all-reduce on one block of numbers, few enough for the processor's nearest
 * cache: a stack of sums, whose products and sums are rounded one by one, as libtorch's are. Loops
 * are of the simple form that Java's compiler turns into vector instructions. For one thread.
 */
abstract sealed class BlockSum permits Float32Sum, Bfloat16Sum {

  /** Numbers of a block. */
  static final int SIZE = Bfloat16Blocks.SIZE;

  /**
   * Numbers of a chunk, by the views of their memory that the loops need.
   *
   * @param floats of float32
   * @param words of 32 bits, as the wire has them, or the bits of float32
   * @param isHere whether they are float32 that has not travelled, added as if it had
   */
  record Operand(FloatBuffer floats, IntBuffer words, boolean isHere) {

    /** As the wire writes numbers. */
    static Operand travelled(ByteBuffer bytes) {
      return of(bytes, false);
    }

    /** Float32 that has not travelled. */
    static Operand here(ByteBuffer bytes) {
      return of(bytes, true);
    }

    private static Operand of(ByteBuffer bytes, boolean isHere) {
      ByteBuffer view = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
      return new Operand(view.asFloatBuffer(), view.asIntBuffer(), isHere);
    }
  }

  private final List<float[]> sums = new ArrayList<>();
  private final float[] numbers = new float[SIZE];
  private int depth;

  /** For numbers that travel so. */
  static BlockSum of(Wire wire) {
    return wire == Wire.FP32 ? new Float32Sum() : new Bfloat16Sum();
  }

  /**
   * Begins a sum with numbers, multiplied.
   *
   * @param at the first number, that of a block
   */
  final void begin(Operand operand, int at, float weight, int count) {
    if (depth == sums.size()) {
      sums.add(new float[SIZE]);
    }
    depth++;
    read(operand, at, numbers, count);
    multiply(numbers, weight, top(), count);
  }

  /**
   * Adds numbers, multiplied, to the sum that was begun last.
   *
   * @param at the first number, that of a block
   */
  final void add(Operand operand, int at, float weight, int count) {
    read(operand, at, numbers, count);
    add(numbers, weight, top(), count);
  }

  /** Adds the sum that was begun last to the one before it. */
  final void merge(int count) {
    float[] last = take();
    add(last, top(), count);
  }

  /**
   * Writes the sum, which is none any more.
   *
   * @param frame as the wire writes numbers
   * @param at the first number, that of a block
   * @param crc of the frame, which is updated
   */
  final void write(ByteBuffer frame, int at, int count, CRC32C crc) {
    int start = at * wire().bytes();
    ByteBuffer block = frame.slice(start, wire().frameBytes(count)).order(ByteOrder.LITTLE_ENDIAN);
    write(take(), block, count);
    crc.update(block.clear());
  }

  abstract Wire wire();

  /** Reads numbers, as they are after their way. */
  abstract void read(Operand operand, int at, float[] numbers, int count);

  /** Writes numbers as they travel. */
  abstract void write(float[] sum, ByteBuffer block, int count);

  private float[] top() {
    return sums.get(depth - 1);
  }

  private float[] take() {
    float[] last = top();
    depth--;
    return last;
  }

  private static void multiply(float[] numbers, float weight, float[] sum, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = numbers[i] * weight;
    }
  }

  /** Java never fuses the two operations. */
  private static void add(float[] numbers, float weight, float[] sum, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = sum[i] + numbers[i] * weight;
    }
  }

  private static void add(float[] last, float[] sum, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = sum[i] + last[i];
    }
  }
}
