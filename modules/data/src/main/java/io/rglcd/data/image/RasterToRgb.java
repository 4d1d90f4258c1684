package io.rglcd.data.image;

import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Raw samples to RGB. Java's own conversions are avoided: they apply colour spaces (grey pictures
 * would come out brighter) where Pillow takes the samples as they are.
 */
final class RasterToRgb {

  private RasterToRgb() {}

  /**
   * As Pillow converts modes 1, L, LA, P, RGB, RGBA and I to RGB: 16-bit samples keep their high
   * byte, except grey without alpha, which Pillow clips at 255.
   */
  static RgbImage png(ColorModel model, Raster raster) {
    if (model instanceof IndexColorModel palette) {
      return palette(palette, raster);
    }
    boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
    int bands = raster.getNumBands();
    int shift = wide && bands > 1 ? 8 : 0;
    return bands < 3 ? gray(raster, shift) : rgb(raster, shift);
  }

  /** One band grey or three of RGB. */
  static RgbImage jpeg(Raster raster) {
    return raster.getNumBands() < 3 ? gray(raster, 0) : rgb(raster, 0);
  }

  /**
   * Four inverted bands as Adobe writes them, to RGB by Pillow's rule: (255 - C) less its share of
   * K.
   *
   * @param ycck whether the first three bands are YCbCr instead of CMY
   */
  static RgbImage cmyk(Raster raster, boolean ycck) {
    byte[] out = new byte[3 * raster.getWidth() * raster.getHeight()];
    int[] row = new int[4 * raster.getWidth()];
    int o = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
      for (int x = 0; x < row.length; x += 4) {
        int notK = row[x + 3];
        int[] cmy = ycck ? inverseYcc(row[x], row[x + 1], row[x + 2]) : null;
        for (int c = 0; c < 3; c++) {
          int ink = 255 - (cmy == null ? row[x + c] : cmy[c]);
          out[o++] = (byte) Math.max(0, notK - mulDiv255(ink, notK));
        }
      }
    }
    return new RgbImage(raster.getWidth(), raster.getHeight(), out);
  }

  private static int[] inverseYcc(int y, int cb, int cr) {
    double r = y + 1.402 * (cr - 128);
    double g = y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128);
    double b = y + 1.772 * (cb - 128);
    return new int[] {255 - clip(r), 255 - clip(g), 255 - clip(b)};
  }

  private static int clip(double value) {
    return (int) Math.max(0, Math.min(255, Math.rint(value)));
  }

  private static int mulDiv255(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
  }

  private static RgbImage palette(IndexColorModel palette, Raster raster) {
    int width = raster.getWidth();
    int[] row = new int[width];
    byte[] out = new byte[3 * width * raster.getHeight()];
    int o = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        out[o++] = (byte) palette.getRed(index);
        out[o++] = (byte) palette.getGreen(index);
        out[o++] = (byte) palette.getBlue(index);
      }
    }
    return new RgbImage(width, raster.getHeight(), out);
  }

  private static RgbImage gray(Raster raster, int shift) {
    int width = raster.getWidth();
    int[] row = new int[width];
    byte[] out = new byte[3 * width * raster.getHeight()];
    int o = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int sample : row) {
        byte value = (byte) Math.min(255, sample >> shift);
        out[o++] = value;
        out[o++] = value;
        out[o++] = value;
      }
    }
    return new RgbImage(width, raster.getHeight(), out);
  }

  private static RgbImage rgb(Raster raster, int shift) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] row = new int[bands * width];
    byte[] out = new byte[3 * width * raster.getHeight()];
    int o = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += bands) {
        out[o++] = (byte) (row[x] >> shift);
        out[o++] = (byte) (row[x + 1] >> shift);
        out[o++] = (byte) (row[x + 2] >> shift);
      }
    }
    return new RgbImage(width, raster.getHeight(), out);
  }
}
