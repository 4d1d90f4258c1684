package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The arithmetic of the all-reduce on one block of numbers, few enough for the processor's nearest
 * cache: products and sums rounded one by one, as libtorch's are. The loops are of the simple form
 * that Java's compiler turns into vector instructions. For one thread.
 */
abstract sealed class BlockSum permits Float32Sum, Bfloat16Sum {

  /** Numbers of a block, an even number. */
  static final int SIZE = 1024;

  /** What was read last. */
  final float[] numbers = new float[SIZE];

  private final List<float[]> sums = new ArrayList<>();
  private int depth;

  static BlockSum of(Wire wire) {
    return wire == Wire.FP32 ? new Float32Sum() : new Bfloat16Sum();
  }

  /**
   * Reads numbers.
   *
   * @param frame as the wire writes numbers
   * @param at the first number, an even one
   */
  abstract void read(ByteBuffer frame, int at, int count);

  /**
   * Writes the sum, which is none any more.
   *
   * @param frame as the wire writes numbers
   * @param at the first number, an even one
   * @param crc of the frame, which is updated
   */
  abstract void write(ByteBuffer frame, int at, int count, CRC32C crc);

  /** Begins a sum with the numbers that were read, multiplied. */
  final void begin(float weight, int count) {
    if (depth == sums.size()) {
      sums.add(new float[SIZE]);
    }
    depth++;
    multiply(top(), numbers, weight, count);
  }

  /** Adds the numbers that were read, multiplied, to the sum that was begun last. */
  final void add(float weight, int count) {
    add(top(), numbers, weight, count);
  }

  /** Adds the sum that was begun last to the one before it. */
  final void merge(int count) {
    float[] last = take();
    add(top(), last, 1, count);
  }

  private float[] top() {
    return sums.get(depth - 1);
  }

  /** The sum that was begun last, which is none any more. */
  final float[] take() {
    float[] last = top();
    depth--;
    return last;
  }

  private static void multiply(float[] sum, float[] numbers, float weight, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = numbers[i] * weight;
    }
  }

  /** Java never fuses the two operations. */
  private static void add(float[] sum, float[] numbers, float weight, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = sum[i] + numbers[i] * weight;
    }
  }
}
