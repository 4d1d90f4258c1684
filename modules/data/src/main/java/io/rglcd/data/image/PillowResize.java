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
    int stride = 3 * horizontal.outputs();
    byte[] out = new byte[stride * vertical.outputs()];
    weigh(image, horizontal, vertical, (y, line) -> write(line, out, y * stride, stride));
    return new RgbImage(horizontal.outputs(), vertical.outputs(), out);
  }

  /** Takes the rows of a resized picture. */
  interface Rows {

    /**
     * Takes the next one.
     *
     * @param y from 0
     * @param line begins with 3 values a pixel, 0 to 255; it is used again
     */
    void take(int y, int[] line);
  }

  /**
   * Computes the rows that the vertical taps make of what the horizontal taps make of a picture.
   */
  static void weigh(RgbImage image, ResizeTaps horizontal, ResizeTaps vertical, Rows rows) {
    WideRows wide = new WideRows(image, horizontal, vertical.first(0));
    int[] sum = wide.newRow();
    for (int y = 0; y < vertical.outputs(); y++) {
      wide.forget(vertical.first(y));
      WeightedLines.sum(wide.until(vertical.end(y)), vertical, y, sum);
      rows.take(y, sum);
    }
  }

  private static void write(int[] line, byte[] out, int offset, int length) {
    for (int i = 0; i < length; i++) {
      out[offset + i] = (byte) line[i];
    }
  }
}
