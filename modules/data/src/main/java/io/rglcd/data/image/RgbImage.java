package io.rglcd.data.image;

/**
 * A picture of 8-bit RGB pixels.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb [height, width, 3], row-major; not to be changed
 */
public record RgbImage(int width, int height, byte[] rgb) {

  /** Checks that the pixels fit the size. */
  public RgbImage {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "picture: "
              + rgb.length
              + " bytes for "
              + width
              + "x"
              + height
              + " (expected: 3 a pixel, at least one pixel)");
    }
  }
}
