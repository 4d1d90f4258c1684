package io.rglcd.data.image;

import java.awt.image.RenderedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG, PNG and WebP to RGB with the results of Pillow's {@code
 * Image.open(...).convert("RGB")}: the format is taken from the data, not from a name; alpha is
 * dropped without blending; colour profiles and EXIF orientation are not applied; a JPEG that is
 * cut short is refused, were it by its end marker alone. Thread-safe.
 */
public final class ImageDecoder {

  /** Pillow's own limit, beyond which it warns of a decompression bomb. */
  public static final long DEFAULT_MAX_PIXELS = 89_478_485;

  /** The limit beyond which no picture fits an array. */
  public static final long MAX_PIXELS = Integer.MAX_VALUE / 4;

  private static final int WEBP_FLAGS = 20;
  private static final int WEBP_ANIMATION = 2;

  private final long maxPixels;

  /**
   * A decoder that refuses larger pictures before it decodes them.
   *
   * @param maxPixels width times height at most
   */
  public ImageDecoder(long maxPixels) {
    if (maxPixels < 1 || maxPixels > MAX_PIXELS) {
      throw new IllegalArgumentException(
          "maxPixels: " + maxPixels + " (expected: 1 to " + MAX_PIXELS + ")");
    }
    this.maxPixels = maxPixels;
  }

  /**
   * The picture in these bytes.
   *
   * @throws ImageException where they are no whole JPEG, PNG or WebP or have too many pixels
   */
  public RgbImage decode(byte[] bytes) throws ImageException {
    ImageFormat format =
        ImageFormat.of(bytes)
            .orElseThrow(
                () ->
                    new ImageException(
                        ImageException.Kind.UNSUPPORTED, "neither JPEG nor PNG nor WebP data"));
    try {
      return switch (format) {
        case JPEG -> jpeg(bytes);
        case PNG -> png(bytes);
        case WEBP -> webp(bytes);
      };
    } catch (IOException | RuntimeException e) {
      throw new ImageException(
          ImageException.Kind.CORRUPT,
          format + ": " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
    }
  }

  private RgbImage png(byte[] bytes) throws IOException, ImageException {
    PngStream png = PngStream.parse(bytes);
    return read(
        "png",
        png.bytes(),
        reader -> {
          RenderedImage image = reader.read(0);
          return RasterToRgb.png(png, image.getColorModel(), image.getData());
        });
  }

  private RgbImage webp(byte[] bytes) throws IOException, ImageException {
    if (isAnimated(bytes)) {
      throw new ImageException(
          ImageException.Kind.UNSUPPORTED, "animated WebP (expected: a still picture)");
    }
    try {
      return read("webp", bytes, reader -> RasterToRgb.rgb(reader.read(0).getRaster()));
    } catch (LinkageError e) {
      throw new ImageException(
          ImageException.Kind.UNSUPPORTED,
          "WebP, whose native library cannot be used here: " + e.getMessage());
    }
  }

  /** The flags follow the size of chunk VP8X, which comes first where there is one. */
  private static boolean isAnimated(byte[] webp) {
    return webp.length > WEBP_FLAGS && webp[15] == 'X' && (webp[WEBP_FLAGS] & WEBP_ANIMATION) != 0;
  }

  /** The end marker is the only thing whose absence a decoder forgives and Pillow does not. */
  private RgbImage jpeg(byte[] bytes) throws IOException, ImageException {
    JpegStream jpeg = JpegStream.parse(bytes);
    return read(
        "jpeg",
        jpeg.bytes(),
        reader -> {
          boolean[] cut = new boolean[1];
          reader.addIIOReadWarningListener((source, text) -> cut[0] |= text.contains("EOI"));
          RgbImage image = JpegToRgb.read(jpeg.model(), reader);
          if (cut[0]) {
            throw new IOException("it is cut short");
          }
          return image;
        });
  }

  /** What a reader makes of a picture. */
  private interface Reading {
    RgbImage of(ImageReader reader) throws IOException;
  }

  private RgbImage read(String format, byte[] bytes, Reading reading)
      throws IOException, ImageException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new ImageException(
          ImageException.Kind.UNSUPPORTED, "this Java has no reader for " + format);
    }
    ImageReader reader = readers.next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      requireFewPixels(reader);
      return reading.of(reader);
    } finally {
      reader.dispose();
    }
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
}
