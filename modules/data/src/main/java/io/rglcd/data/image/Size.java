package io.rglcd.data.image;

/**
 * Pixels of a picture.
 *
 * @param width at least 1
 * @param height at least 1
 */
public record Size(int width, int height) {

  /** That of a picture. */
  public static Size of(RgbImage image) {
    return new Size(image.width(), image.height());
  }

  /**
   * Shorter side to {@code resolution}, the longer in proportion and rounded down, as torchvision's
   * Resize.
   *
   * @param maxPixels of the result at most; a thin strip can grow beyond all bounds
   * @throws ImageException where the result would have more pixels
   */
  public Size withShorterSide(int resolution, long maxPixels) throws ImageException {
    int shorter = Math.min(width, height);
    long longer = (long) ((double) ((long) resolution * Math.max(width, height)) / shorter);
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
        ? new Size(resolution, (int) longer)
        : new Size((int) longer, resolution);
  }
}
