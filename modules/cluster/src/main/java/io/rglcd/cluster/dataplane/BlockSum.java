package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The arithmetic of the all-reduce on one block of numbers, few enough for the processor's nearest
 * cache: a stack of sums, whose products and sums are rounded one by one, as libtorch's are. For
 * one thread.
 */
abstract sealed class BlockSum permits LoopSum, SimdFloat32Sum, SimdBfloat16Sum {

  /** Numbers of a block, an even number. */
  static final int SIZE = 1024;

  /**
   * Numbers to be added.
   *
   * @param bytes as the wire writes numbers, or float32
   * @param isHere whether they are float32 that has not travelled, added as if it had
   */
  record Operand(ByteBuffer bytes, boolean isHere) {}

  private final List<float[]> sums = new ArrayList<>();
  private int depth;

  /**
   * Begins a sum with numbers, multiplied.
   *
   * @param at the first number, an even one
   */
  final void begin(Operand operand, int at, float weight, int count) {
    if (depth == sums.size()) {
      sums.add(new float[SIZE]);
    }
    depth++;
    multiply(operand, at, weight, top(), count);
  }

  /**
   * Adds numbers, multiplied, to the sum that was begun last.
   *
   * @param at the first number, an even one
   */
  final void add(Operand operand, int at, float weight, int count) {
    add(operand, at, weight, top(), count);
  }

  /** Adds the sum that was begun last to the one before it. */
  final void merge(int count) {
    float[] last = take();
    float[] sum = top();
    for (int i = 0; i < count; i++) {
      sum[i] = sum[i] + last[i];
    }
  }

  /**
   * Writes the sum, which is none any more.
   *
   * @param frame as the wire writes numbers
   * @param at the first number, an even one
   * @param crc of the frame, which is updated
   */
  final void write(ByteBuffer frame, int at, int count, CRC32C crc) {
    crc.update(write(take(), frame, at, count));
  }

  /** The product, into the sum. */
  abstract void multiply(Operand operand, int at, float weight, float[] sum, int count);

  /** The product is added to the sum. */
  abstract void add(Operand operand, int at, float weight, float[] sum, int count);

  /** Writes the sum; what was written. */
  abstract ByteBuffer write(float[] sum, ByteBuffer frame, int at, int count);

  private float[] top() {
    return sums.get(depth - 1);
  }

  private float[] take() {
    float[] last = top();
    depth--;
    return last;
  }
}
