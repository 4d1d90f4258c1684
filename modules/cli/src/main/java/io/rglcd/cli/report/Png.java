package io.rglcd.cli.report;

import io.rglcd.data.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures as PNG files. */
public final class Png {

  private Png() {}

  /**
   * A picture from a network's output.
   *
   * @param chw [3, height, width] in [0,1], values beyond are cut off
   */
  public static RgbImage picture(float[] chw, int width, int height) {
    int plane = width * height;
    byte[] rgb = new byte[3 * plane];
    for (int pixel = 0; pixel < plane; pixel++) {
      for (int channel = 0; channel < 3; channel++) {
        float value = Math.max(0, Math.min(1, chw[channel * plane + pixel]));
        rgb[3 * pixel + channel] = (byte) Math.round(value * 255);
      }
    }
    return new RgbImage(width, height, rgb);
  }

  static BufferedImage image(RgbImage picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = picture.rgb();
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int from = 3 * (y * picture.width() + x);
        image.setRGB(
            x, y, (rgb[from] & 0xff) << 16 | (rgb[from + 1] & 0xff) << 8 | (rgb[from + 2] & 0xff));
      }
    }
    return image;
  }

  static void write(Path file, BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new OutputException("picture " + file, e);
    }
    OutputDirectory.write(file, bytes.toByteArray());
  }
}
