package io.rglcd.data.image;

import java.awt.image.RenderedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG and JPEG to RGB with the results of Pillow's {@code Image.open(...).convert("RGB")}:
 * the format is taken from the data, not from a name; alpha is dropped without blending; colour
 * profiles and EXIF orientation are not applied; a JPEG that is cut short is refused, were it by
 * its end marker alone. Thread-safe.
 */
public final class ImageDecoder {

  /** Pillow's own limit, beyond which it warns of a decompression bomb. */
  public static final long DEFAULT_MAX_PIXELS = 89_478_485;

  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

  private final long maxPixels;

  /**
   * A decoder that refuses larger pictures before it decodes them.
   *
   * @param maxPixels width times height at most
   */
  public ImageDecoder(long maxPixels) {
    if (maxPixels < 1 || maxPixels > Integer.MAX_VALUE / 3) {
      throw new IllegalArgumentException(
          "maxPixels: " + maxPixels + " (expected: 1 to " + Integer.MAX_VALUE / 3 + ")");
    }
    this.maxPixels = maxPixels;
  }

  /**
   * The picture in these bytes.
   *
   * @throws ImageException where they are no whole PNG or JPEG or have too many pixels
   */
  public RgbImage decode(byte[] bytes) throws ImageException {
    boolean jpeg = startsWith(bytes, JPEG);
    if (!jpeg && !startsWith(bytes, PNG)) {
      throw new ImageException(ImageException.Kind.UNSUPPORTED, "neither PNG nor JPEG data");
    }
    ImageReader reader = reader(jpeg ? "jpeg" : "png");
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      return jpeg ? jpeg(reader, bytes) : png(reader);
    } catch (IOException | RuntimeException e) {
      throw corrupt(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    } finally {
      reader.dispose();
    }
  }

  private RgbImage png(ImageReader reader) throws IOException, ImageException {
    requireFewPixels(reader);
    RenderedImage image = reader.read(0);
    return RasterToRgb.png(image.getColorModel(), image.getData());
  }

  private RgbImage jpeg(ImageReader reader, byte[] bytes) throws IOException, ImageException {
    requireFewPixels(reader);
    String[] damage = new String[1];
    reader.addIIOReadWarningListener((source, warning) -> damage[0] = warning);
    JpegHeader header = JpegHeader.parse(bytes);
    RgbImage image =
        header.components() == 4
            ? RasterToRgb.cmyk(reader.readRaster(0, null), header.ycck())
            : RasterToRgb.jpeg(reader.read(0).getRaster());
    if (damage[0] != null) {
      throw corrupt(damage[0]);
    }
    return image;
  }

  private void requireFewPixels(ImageReader reader) throws IOException, ImageException {
    long width = reader.getWidth(0);
    long height = reader.getHeight(0);
    if (width * height > maxPixels) {
      throw new ImageException(
          ImageException.Kind.TOO_LARGE,
          width + "x" + height + " pixels (expected: at most " + maxPixels + ")");
    }
  }

  private static ImageReader reader(String format) throws ImageException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new ImageException(
          ImageException.Kind.UNSUPPORTED, "this Java has no reader for " + format);
    }
    return readers.next();
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  private static ImageException corrupt(String reason) {
    return new ImageException(ImageException.Kind.CORRUPT, reason);
  }
}
