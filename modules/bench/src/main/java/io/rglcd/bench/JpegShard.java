package io.rglcd.bench;

import io.rglcd.data.pack.ShardWriter;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A shard of pictures as photographs are: 1024x768, soft shapes with grain, JPEG. */
final class JpegShard {

  private static final int WIDTH = 1024;
  private static final int HEIGHT = 768;
  private static final int GRAIN = 12;
  private static final float QUALITY = 0.88f;

  private JpegShard() {}

  static void write(Path shard, int samples) throws IOException {
    Random random = new Random(1);
    try (ShardWriter writer = ShardWriter.create(shard)) {
      for (int i = 0; i < samples; i++) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("jpg", jpeg(random));
        files.put("txt", ("caption of picture " + i).getBytes(StandardCharsets.UTF_8));
        writer.write(String.format("%09d", i), files);
      }
      writer.finish();
    }
  }

  private static byte[] jpeg(Random random) throws IOException {
    BufferedImage coarse = new BufferedImage(32, 24, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < coarse.getHeight(); y++) {
      for (int x = 0; x < coarse.getWidth(); x++) {
        coarse.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    graphics.drawImage(coarse, 0, 0, WIDTH, HEIGHT, null);
    graphics.dispose();
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int rgb = picture.getRGB(x, y);
        int grain = random.nextInt(GRAIN) - GRAIN / 2;
        picture.setRGB(
            x, y, channel(rgb, 16, grain) | channel(rgb, 8, grain) | channel(rgb, 0, grain));
      }
    }
    return encoded(picture);
  }

  private static int channel(int rgb, int shift, int grain) {
    return Math.max(0, Math.min(255, (rgb >> shift & 0xff) + grain)) << shift;
  }

  private static byte[] encoded(BufferedImage picture) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam how = writer.getDefaultWriteParam();
    how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    how.setCompressionQuality(QUALITY);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), how);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
