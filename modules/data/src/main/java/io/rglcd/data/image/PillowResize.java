package io.rglcd.data.image;

/**
 * Resizing bit-equal to Pillow's {@code Image.resize} on 8-bit pictures: but for the nearest modes,
 * a filter whose support grows with the reduction factor, a horizontal and then a vertical pass,
 * each with weights of 22 fractional bits and rounded to 8 bits.
 *
 * <p>Source: Pillow, src/libImaging/Resample.c and Geometry.c.
 */
public final class PillowResize {

  private PillowResize() {}

  /** The picture at another size; the same picture where the size is its own. */
  public static RgbImage resize(RgbImage image, int width, int height, Interpolation filter) {
    if (width == image.width() && height == image.height()) {
      return image;
    }
    return filter.support() == 0
        ? nearest(image, width, height)
        : weighted(
            image,
            ResizeTaps.of(image.width(), width, filter),
            ResizeTaps.of(image.height(), height, filter));
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

  private static RgbImage weighted(RgbImage image, ResizeTaps horizontal, ResizeTaps vertical) {
    WideRows wide = new WideRows(image, horizontal);
    int[] sum = new int[3 * horizontal.outputs()];
    byte[] out = new byte[sum.length * vertical.outputs()];
    for (int y = 0; y < vertical.outputs(); y++) {
      wide.forget(vertical.first(y));
      WeightedLines.sum(wide.until(vertical.end(y)), vertical, y, sum);
      write(sum, out, y * sum.length);
    }
    return new RgbImage(horizontal.outputs(), vertical.outputs(), out);
  }

  private static void write(int[] line, byte[] out, int offset) {
    for (int i = 0; i < line.length; i++) {
      out[offset + i] = (byte) line[i];
    }
  }
}
