package io.rglcd.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * Lets a reader write its picture as {@link RgbImage} keeps it. A reader of JPEGs then has libjpeg
 * convert YCbCr, with vector instructions where it knows them, and only copies the rows.
 */
final class RgbDestination {

  private static final int[] RGB = {0, 1, 2};
  private static final ColorModel COLORS =
      new ComponentColorModel(
          ColorSpace.getInstance(ColorSpace.CS_sRGB),
          false,
          false,
          ColorModel.OPAQUE,
          DataBuffer.TYPE_BYTE);

  private RgbDestination() {}

  static RgbImage read(ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE, width, height, 3 * width, 3, RGB, null);
    ImageReadParam how = reader.getDefaultReadParam();
    how.setDestination(new BufferedImage(COLORS, raster, false, null));
    reader.read(0, how);
    return new RgbImage(width, height, ((DataBufferByte) raster.getDataBuffer()).getData());
  }
}
