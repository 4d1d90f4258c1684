package io.rglcd.data.image;

import java.awt.image.Raster;

/**
 * The components of a JPEG to RGB with libjpeg's fixed-point arithmetic and Pillow's rule for inks.
 *
 * <p>Sources: libjpeg, jdcolor.c; Pillow, src/libImaging/Convert.c and JpegImagePlugin.py, which
 * takes all four-component pictures for inverted.
 */
final class JpegToRgb {

  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int[] RED_OF_CR = table(1.40200, HALF);
  private static final int[] GREEN_OF_CR = table(-0.71414, 0);
  private static final int[] GREEN_OF_CB = table(-0.34414, HALF);
  private static final int[] BLUE_OF_CB = table(1.77200, HALF);

  private JpegToRgb() {}

  /** The picture of raw, interleaved 8-bit components. */
  static RgbImage of(JpegStream.Model model, Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] raw =
        (byte[]) raster.getDataElements(raster.getMinX(), raster.getMinY(), width, height, null);
    byte[] rgb =
        switch (model) {
          case GRAY -> gray(raw);
          case RGB -> raw;
          case YCC -> ycc(raw, 3);
          case CMYK -> inks(raw, raw, 4);
          case YCCK -> inks(inverted(ycc(raw, 4)), raw, 3);
        };
    return new RgbImage(width, height, rgb);
  }

  private static byte[] gray(byte[] raw) {
    byte[] rgb = new byte[3 * raw.length];
    for (int i = 0, o = 0; i < raw.length; i++, o += 3) {
      rgb[o] = raw[i];
      rgb[o + 1] = raw[i];
      rgb[o + 2] = raw[i];
    }
    return rgb;
  }

  private static byte[] ycc(byte[] raw, int stride) {
    byte[] rgb = new byte[raw.length / stride * 3];
    for (int i = 0, o = 0; o < rgb.length; i += stride, o += 3) {
      int y = raw[i] & 0xff;
      int cb = raw[i + 1] & 0xff;
      int cr = raw[i + 2] & 0xff;
      rgb[o] = clip(y + (RED_OF_CR[cr] >> BITS));
      rgb[o + 1] = clip(y + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> BITS));
      rgb[o + 2] = clip(y + (BLUE_OF_CB[cb] >> BITS));
    }
    return rgb;
  }

  private static byte[] inverted(byte[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) ~values[i];
    }
    return values;
  }

  /** Inverted inks: what is not printed, less what black takes of it. */
  private static byte[] inks(byte[] notPrinted, byte[] raw, int stride) {
    byte[] rgb = new byte[raw.length / 4 * 3];
    for (int pixel = 0, o = 0; o < rgb.length; pixel++) {
      int notBlack = raw[4 * pixel + 3] & 0xff;
      for (int c = 0; c < 3; c++, o++) {
        int ink = 255 - (notPrinted[stride * pixel + c] & 0xff);
        rgb[o] = (byte) Math.max(0, notBlack - mulDiv255(ink, notBlack));
      }
    }
    return rgb;
  }

  private static int mulDiv255(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  private static int[] table(double factor, int rounding) {
    int magnitude = (int) (Math.abs(factor) * (1 << BITS) + 0.5);
    int fixed = factor < 0 ? -magnitude : magnitude;
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = fixed * (i - 128) + rounding;
    }
    return table;
  }
}
