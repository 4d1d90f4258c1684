package io.rglcd.data.image;

/**
 * Which inputs make each output of a resized line, and their weights with {@value #BITS} fractional
 * bits. All outputs have the same, even number of taps; those that Pillow does not have weigh 0.
 *
 * <p>Source: Pillow, src/libImaging/Resample.c, precompute_coeffs and normalize_coeffs_8bpc.
 */
final class ResizeTaps {

  /** Fractional bits of a weight. */
  static final int BITS = 32 - 8 - 2;

  private final int[] first;
  private final int[] ends;
  private final int[][] weights;

  private ResizeTaps(int outputs) {
    this.first = new int[outputs];
    this.ends = new int[outputs];
    this.weights = new int[outputs][];
  }

  static ResizeTaps of(int inputs, int outputs, Interpolation filter) {
    double scale = (double) inputs / outputs;
    double reduction = Math.max(scale, 1.0);
    double support = filter.support() * reduction;
    ResizeTaps taps = new ResizeTaps(outputs);
    int most = 0;
    for (int x = 0; x < outputs; x++) {
      double center = (x + 0.5) * scale;
      taps.first[x] = Math.max(0, (int) (center - support + 0.5));
      taps.ends[x] = Math.min(inputs, (int) (center + support + 0.5));
      most = Math.max(most, taps.ends[x] - taps.first[x]);
    }
    double[] exact = new double[most];
    for (int x = 0; x < outputs; x++) {
      double center = (x + 0.5) * scale;
      int count = taps.ends[x] - taps.first[x];
      double total = 0;
      for (int k = 0; k < count; k++) {
        exact[k] = filter.weight((k + taps.first[x] - center + 0.5) * (1.0 / reduction));
        total += exact[k];
      }
      taps.weights[x] = new int[most + most % 2];
      for (int k = 0; k < count; k++) {
        taps.weights[x][k] = fixedPoint(exact[k] / total);
      }
    }
    return taps;
  }

  /** Those of consecutive outputs. */
  ResizeTaps part(int start, int count) {
    ResizeTaps part = new ResizeTaps(count);
    System.arraycopy(first, start, part.first, 0, count);
    System.arraycopy(ends, start, part.ends, 0, count);
    System.arraycopy(weights, start, part.weights, 0, count);
    return part;
  }

  int outputs() {
    return first.length;
  }

  /** Of each output, even. */
  int count() {
    return weights[0].length;
  }

  /** The first input of an output. */
  int first(int output) {
    return first[output];
  }

  /** The input after the last of an output; it never falls from one output to the next. */
  int end(int output) {
    return ends[output];
  }

  /** The input of a tap, one of the output's own even where the tap weighs nothing. */
  int input(int output, int tap) {
    return Math.min(first[output] + tap, ends[output] - 1);
  }

  int weight(int output, int tap) {
    return weights[output][tap];
  }

  private static int fixedPoint(double weight) {
    return (int) (Math.copySign(0.5, weight) + weight * (1 << BITS));
  }
}
