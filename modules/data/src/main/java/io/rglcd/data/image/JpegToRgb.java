package io.rglcd.data.image;

import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * The components of a JPEG to RGB with libjpeg's fixed-point arithmetic, by libjpeg itself where it
 * can, and Pillow's rule for inks.
 *
 * <p>Sources: libjpeg, jdcolor.c; Pillow, src/libImaging/Convert.c and JpegImagePlugin.py, which
 * takes all four-component pictures for inverted.
 */
final class JpegToRgb {

  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int RED_OF_CR = fixed(1.40200);
  private static final int GREEN_OF_CR = -fixed(0.71414);
  private static final int GREEN_OF_CB = -fixed(0.34414);
  private static final int BLUE_OF_CB = fixed(1.77200);

  private JpegToRgb() {}

  /** Reads the first picture. */
  static RgbImage read(JpegStream.Model model, ImageReader reader) throws IOException {
    if (model == JpegStream.Model.YCC) {
      return RgbDestination.read(reader);
    }
    Raster raster = reader.readRaster(0, null);
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] raw =
        (byte[]) raster.getDataElements(raster.getMinX(), raster.getMinY(), width, height, null);
    return new RgbImage(
        width,
        height,
        switch (model) {
          case GRAY -> gray(raw);
          case CMYK -> inks(raw, raw, 4);
          case YCCK -> inks(notPrinted(raw), raw, 3);
          case RGB, YCC -> raw;
        });
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

  /** What is left of white without black: the inverse of the first three as YCbCr to RGB. */
  private static byte[] notPrinted(byte[] ycck) {
    byte[] rgb = new byte[ycck.length / 4 * 3];
    for (int i = 0, o = 0; o < rgb.length; i += 4, o += 3) {
      int y = ycck[i] & 0xff;
      int cb = (ycck[i + 1] & 0xff) - 128;
      int cr = (ycck[i + 2] & 0xff) - 128;
      rgb[o] = inverted(y + ((RED_OF_CR * cr + HALF) >> BITS));
      rgb[o + 1] = inverted(y + ((GREEN_OF_CB * cb + GREEN_OF_CR * cr + HALF) >> BITS));
      rgb[o + 2] = inverted(y + ((BLUE_OF_CB * cb + HALF) >> BITS));
    }
    return rgb;
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

  private static byte inverted(int value) {
    return (byte) (255 - Math.max(0, Math.min(255, value)));
  }

  private static int fixed(double factor) {
    return (int) (factor * (1 << BITS) + 0.5);
  }
}
