package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The arithmetic of the all-reduce on one block of numbers, few enough for the processor's nearest
 * cache: products and sums rounded one by one, as libtorch's are. The loops are of the simple form
 * that Java's compiler turns into vector instructions. For one thread.
 */
abstract sealed class BlockSum permits Float32Sum, Bfloat16Sum {

  /** Numbers of a block, an even number; nodes must agree on it. */
  static final int SIZE = 1024;

  /** What was read last. */
  final float[] numbers = new float[SIZE];

  /** What was added up. */
  final float[] sum = new float[SIZE];

  static BlockSum of(Wire wire) {
    return wire == Wire.FP32 ? new Float32Sum() : new Bfloat16Sum();
  }

  /**
   * Reads numbers of this node, changed as if they had travelled.
   *
   * @param vector of float32
   * @param at the first number
   */
  abstract void readOwn(ByteBuffer vector, int at, int count);

  /**
   * Reads numbers that have travelled.
   *
   * @param frame as the wire writes numbers
   * @param at the first number
   */
  abstract void readArrived(ByteBuffer frame, int at, int count);

  /**
   * Writes the sum, changed as if it had travelled.
   *
   * @param mean of float32
   * @param frame as the wire writes numbers; the same memory where that makes no difference
   * @param at the first number in both
   * @param crc of the frame, which is updated
   */
  abstract void write(ByteBuffer mean, ByteBuffer frame, int at, int count, CRC32C crc);

  /** The sum is the numbers that were read, multiplied. */
  final void begin(float weight, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = numbers[i] * weight;
    }
  }

  /** Adds the numbers that were read, multiplied. Java never fuses the two operations. */
  final void add(float weight, int count) {
    add(sum, numbers, weight, count);
  }

  private static void add(float[] sum, float[] numbers, float weight, int count) {
    for (int i = 0; i < count; i++) {
      sum[i] = sum[i] + numbers[i] * weight;
    }
  }
}
