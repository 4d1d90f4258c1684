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
   * byte, except grey without alpha, which Pillow clips at 255; indices that a palette lacks are
   * taken for levels of grey.
   */
  static RgbImage png(PngStream png, ColorModel model, Raster raster) {
    if (model instanceof IndexColorModel palette) {
      return palette(palette, png.colours() == 0 ? 256 : png.colours(), raster);
    }
    boolean clip = png.gray() && png.bits() == 16;
    boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
    int bands = raster.getNumBands();
    int shift = wide && !clip ? 8 : 0;
    return bands < 3 ? gray(raster, shift) : rgb(raster, shift);
  }

  /** Of 8-bit RGB with or without alpha. */
  static RgbImage rgb(Raster raster) {
    return rgb(raster, 0);
  }

  private static RgbImage palette(IndexColorModel palette, int colours, Raster raster) {
    int width = raster.getWidth();
    int[] row = new int[width];
    byte[] out = new byte[3 * width * raster.getHeight()];
    int o = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int index : row) {
        boolean known = index < colours;
        out[o++] = (byte) (known ? palette.getRed(index) : index);
        out[o++] = (byte) (known ? palette.getGreen(index) : index);
        out[o++] = (byte) (known ? palette.getBlue(index) : index);
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
