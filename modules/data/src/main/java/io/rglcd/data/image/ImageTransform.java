package io.rglcd.data.image;

/**
 * The steps from a decoded picture to a network's input, as the official training script composes
 * them of torchvision: resize the shorter side to the resolution, crop a square, flip, scale to
 * [-1,1].
 */
public final class ImageTransform {

  private ImageTransform() {}

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
   * Writes a square as [3, side, side] float32 in [-1,1].
   *
   * @param out receives 3 * side * side values from {@code offset} on
   */
  public static void crop(RgbImage image, Square square, float[] out, int offset) {
    byte[] rgb = image.rgb();
    for (int y = 0; y < square.side(); y++) {
      int row = 3 * ((square.top() + y) * image.width() + square.left());
      int to = offset + y * square.side();
      for (int x = 0; x < square.side(); x++) {
        int from = row + 3 * (square.flip() ? square.side() - 1 - x : x);
        write(rgb[from], rgb[from + 1], rgb[from + 2], out, to + x, square.side());
      }
    }
  }

  /**
   * Resizes and crops, and does not compute what is cut off: the same values as {@link
   * PillowResize#resize} and {@link #crop} in turn.
   *
   * @param size to which the picture is resized
   * @param square of the resized picture
   * @param out as in {@link #crop}
   */
  public static void resizeAndCrop(
      RgbImage image, Size size, Interpolation filter, Square square, float[] out, int offset) {
    if (size.equals(Size.of(image)) || filter.support() == 0) {
      crop(PillowResize.resize(image, size.width(), size.height(), filter), square, out, offset);
      return;
    }
    int side = square.side();
    PillowResize.weigh(
        image,
        ResizeTaps.of(image.width(), size.width(), filter).part(square.left(), side),
        ResizeTaps.of(image.height(), size.height(), filter).part(square.top(), side),
        (y, line) -> write(line, square.flip(), out, offset + y * side, side));
  }

  private static void write(int[] line, boolean flip, float[] out, int offset, int side) {
    for (int x = 0; x < side; x++) {
      int from = 3 * (flip ? side - 1 - x : x);
      write((byte) line[from], (byte) line[from + 1], (byte) line[from + 2], out, offset + x, side);
    }
  }

  private static void write(byte red, byte green, byte blue, float[] out, int at, int side) {
    int plane = side * side;
    out[at] = PixelLevels.value(red);
    out[at + plane] = PixelLevels.value(green);
    out[at + 2 * plane] = PixelLevels.value(blue);
  }
}
