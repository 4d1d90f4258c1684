package io.rglcd.data.image;

/**
 * Resizing bit-equal to Pillow's {@code Image.resize} on 8-bit pictures: but for the nearest modes,
 * a filter whose support grows with the reduction factor, a horizontal and then a vertical pass,
 * each with weights of 22 fractional bits and rounded to 8 bits.
 *
 * <p>Source: Pillow, src/libImaging/Resample.c and Geometry.c.
 */
public final class PillowResize {

  private static final int PRECISION = 32 - 8 - 2;

  private PillowResize() {}

  /** The picture at another size; the same picture where the size is its own. */
  public static RgbImage resize(RgbImage image, int width, int height, Interpolation filter) {
    if (filter.support() == 0) {
      return nearest(image, width, height);
    }
    RgbImage wide = width == image.width() ? image : horizontal(image, width, filter);
    return height == wide.height() ? wide : vertical(wide, height, filter);
  }

  private static RgbImage nearest(RgbImage image, int width, int height) {
    int[] columns = centres(image.width(), width);
    int[] rows = centres(image.height(), height);
    byte[] in = image.rgb();
    byte[] out = new byte[3 * width * height];
    int o = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, o += 3) {
        System.arraycopy(in, 3 * (rows[y] * image.width() + columns[x]), out, o, 3);
      }
    }
    return new RgbImage(width, height, out);
  }

  /** The input under each output's centre; summed up as Pillow does, for the same rounding. */
  private static int[] centres(int inputs, int outputs) {
    double scale = (double) inputs / outputs;
    int[] at = new int[outputs];
    double centre = scale * 0.5;
    for (int i = 0; i < outputs; i++, centre += scale) {
      at[i] = (int) centre;
    }
    return at;
  }

  private static RgbImage horizontal(RgbImage image, int width, Interpolation filter) {
    Taps taps = Taps.of(image.width(), width, filter);
    byte[] in = image.rgb();
    byte[] out = new byte[3 * width * image.height()];
    int o = 0;
    for (int y = 0; y < image.height(); y++) {
      int row = 3 * y * image.width();
      for (int x = 0; x < width; x++) {
        o = weighted(taps, x, in, row + 3 * taps.first[x], 3, 3, out, o);
      }
    }
    return new RgbImage(width, image.height(), out);
  }

  private static RgbImage vertical(RgbImage image, int height, Interpolation filter) {
    Taps taps = Taps.of(image.height(), height, filter);
    int stride = 3 * image.width();
    byte[] in = image.rgb();
    byte[] out = new byte[stride * height];
    int o = 0;
    for (int y = 0; y < height; y++) {
      o = weighted(taps, y, in, stride * taps.first[y], stride, stride, out, o);
    }
    return new RgbImage(image.width(), height, out);
  }

  /** Adds {@code channels} neighbouring values, each over the taps of one output position. */
  private static int weighted(
      Taps taps, int at, byte[] in, int start, int stride, int channels, byte[] out, int o) {
    int count = taps.count[at];
    int weight = at * taps.width;
    for (int c = 0; c < channels; c++) {
      int sum = 1 << (PRECISION - 1);
      int i = start + c;
      for (int k = 0; k < count; k++, i += stride) {
        sum += (in[i] & 0xff) * taps.weights[weight + k];
      }
      out[o + c] = (byte) Math.max(0, Math.min(255, sum >> PRECISION));
    }
    return o + channels;
  }

  /** For each output position: the first input, how many, and their fixed-point weights. */
  private static final class Taps {

    final int[] first;
    final int[] count;
    final int[] weights;
    final int width;

    private Taps(int outputs, int width) {
      this.first = new int[outputs];
      this.count = new int[outputs];
      this.weights = new int[outputs * width];
      this.width = width;
    }

    static Taps of(int inputs, int outputs, Interpolation filter) {
      double scale = (double) inputs / outputs;
      double reduction = Math.max(scale, 1.0);
      double support = filter.support() * reduction;
      Taps taps = new Taps(outputs, (int) Math.ceil(support) * 2 + 1);
      double[] exact = new double[taps.width];
      for (int x = 0; x < outputs; x++) {
        double center = (x + 0.5) * scale;
        int first = Math.max(0, (int) (center - support + 0.5));
        int count = Math.min(inputs, (int) (center + support + 0.5)) - first;
        double total = 0;
        for (int k = 0; k < count; k++) {
          exact[k] = filter.weight((k + first - center + 0.5) * (1.0 / reduction));
          total += exact[k];
        }
        for (int k = 0; k < count; k++) {
          taps.weights[x * taps.width + k] = fixedPoint(exact[k] / total);
        }
        taps.first[x] = first;
        taps.count[x] = count;
      }
      return taps;
    }

    private static int fixedPoint(double weight) {
      return (int) (Math.copySign(0.5, weight) + weight * (1 << PRECISION));
    }
  }
}
