package io.rglcd.data.image;

/**
 * The steps from a decoded picture to a network's input, as the official training script composes
 * them of torchvision: resize the shorter side to the resolution, crop a square, flip, scale to
 * [-1,1].
 */
public final class ImageTransform {

  private ImageTransform() {}

  /**
   * Shorter side to {@code resolution}, the longer in proportion and rounded down.
   *
   * @param maxPixels of the result at most; a thin strip can grow beyond all bounds
   * @throws ImageException where the result would have more pixels
   */
  public static RgbImage resizeShorterSide(
      RgbImage image, int resolution, Interpolation interpolation, long maxPixels)
      throws ImageException {
    int width = image.width();
    int height = image.height();
    long longer = longer(resolution, Math.max(width, height), Math.min(width, height));
    if (longer > maxPixels / resolution) {
      throw new ImageException(
          ImageException.Kind.TOO_LARGE,
          width
              + "x"
              + height
              + " resized to a shorter side of "
              + resolution
              + " has too many pixels (expected: at most "
              + maxPixels
              + ")");
    }
    return width <= height
        ? PillowResize.resize(image, resolution, (int) longer, interpolation)
        : PillowResize.resize(image, (int) longer, resolution, interpolation);
  }

  /** The square in the middle, its side the shorter one of the picture. */
  public static RgbImage centeredSquare(RgbImage image) {
    int side = Math.min(image.width(), image.height());
    int top = centered(image.height(), side);
    int left = centered(image.width(), side);
    byte[] rgb = new byte[3 * side * side];
    for (int y = 0; y < side; y++) {
      System.arraycopy(
          image.rgb(), 3 * ((top + y) * image.width() + left), rgb, 3 * y * side, 3 * side);
    }
    return new RgbImage(side, side, rgb);
  }

  /** Offset of a centred crop, halves to even as Python rounds. */
  public static int centered(int length, int resolution) {
    return (int) Math.rint((length - resolution) / 2.0);
  }

  /**
   * Writes the square at (top, left) as [3, resolution, resolution] float32 in [-1,1].
   *
   * @param flip whether left and right are exchanged
   * @param out receives 3 * resolution * resolution values from {@code offset} on
   */
  public static void crop(
      RgbImage image, int top, int left, int resolution, boolean flip, float[] out, int offset) {
    byte[] rgb = image.rgb();
    int plane = resolution * resolution;
    for (int y = 0; y < resolution; y++) {
      int row = 3 * ((top + y) * image.width() + left);
      for (int x = 0; x < resolution; x++) {
        int from = row + 3 * (flip ? resolution - 1 - x : x);
        int to = offset + y * resolution + x;
        out[to] = PixelLevels.value(rgb[from]);
        out[to + plane] = PixelLevels.value(rgb[from + 1]);
        out[to + 2 * plane] = PixelLevels.value(rgb[from + 2]);
      }
    }
  }

  private static long longer(int resolution, int longSide, int shortSide) {
    return (long) ((double) ((long) resolution * longSide) / shortSide);
  }
}
