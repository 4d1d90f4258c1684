package io.rglcd.data.image;

/**
 * Sums of lines of pixels, each with its weight: where resizing spends its time.
 *
 * <p>In each loop every array is used at the loop's own index and holds ints; only such loops does
 * the virtual machine turn into vector instructions. An offset that differs between two of the
 * arrays, a byte, or {@code Math.max} makes them five times as slow.
 */
final class WeightedLines {

  private static final int ROUNDING = 1 << (ResizeTaps.BITS - 1);

  private WeightedLines() {}

  /**
   * Writes one output line, values 0 to 255.
   *
   * @param lines of inputs, values 0 to 255, all of the sum's length
   */
  static void sum(int[][] lines, ResizeTaps taps, int output, int[] sum) {
    for (int tap = 0; tap < taps.count(); tap += 2) {
      int[] a = lines[taps.input(output, tap)];
      int[] b = lines[taps.input(output, tap + 1)];
      int weightA = taps.weight(output, tap);
      int weightB = taps.weight(output, tap + 1);
      if (tap == 0) {
        begin(a, weightA, b, weightB, sum);
      } else {
        add(a, weightA, b, weightB, sum);
      }
    }
    clip(sum);
  }

  private static void begin(int[] a, int weightA, int[] b, int weightB, int[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = ROUNDING + a[i] * weightA + b[i] * weightB;
    }
  }

  private static void add(int[] a, int weightA, int[] b, int weightB, int[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += a[i] * weightA + b[i] * weightB;
    }
  }

  /** Negative ones have all their bits set by one shift, those above 255 by the other. */
  private static void clip(int[] sum) {
    for (int i = 0; i < sum.length; i++) {
      int value = sum[i] >> ResizeTaps.BITS;
      sum[i] = (value | ((255 - value) >> 31)) & ~(value >> 31) & 0xff;
    }
  }
}
