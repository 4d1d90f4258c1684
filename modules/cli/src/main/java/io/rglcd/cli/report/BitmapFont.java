package io.rglcd.cli.report;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.imageio.ImageIO;

/**
 * Text in pictures without any font of the machine: the printable ASCII characters, drawn once and
 * kept as a strip of grey pixels. Other characters show as a box.
 */
final class BitmapFont {

  /** Rows of pixels of a line of text. */
  static final int HEIGHT = 16;

  private static final char FIRST = ' ';
  private static final int BOX_WIDTH = 8;
  private static final BitmapFont INSTANCE = new BitmapFont();

  private final Raster strip;
  private final int[] starts;

  private BitmapFont() {
    try (InputStream pixels = resource("glyphs.png");
        InputStream widths = resource("glyph-widths.txt")) {
      this.strip = ImageIO.read(pixels).getRaster();
      String[] each =
          new String(widths.readAllBytes(), StandardCharsets.US_ASCII).strip().split(" ", -1);
      this.starts = new int[each.length + 1];
      for (int i = 0; i < each.length; i++) {
        starts[i + 1] = starts[i] + Integer.parseInt(each[i]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the glyphs of this program cannot be read", e);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(BitmapFont.class.getResourceAsStream(name), name);
  }

  static BitmapFont get() {
    return INSTANCE;
  }

  /** Width of a text in pixels. */
  int width(String text) {
    return text.codePoints().map(this::width).sum();
  }

  private int width(int character) {
    return isKnown(character)
        ? starts[character - FIRST + 1] - starts[character - FIRST]
        : BOX_WIDTH;
  }

  private boolean isKnown(int character) {
    return character >= FIRST && character < FIRST + starts.length - 1;
  }

  /** Draws dark text on what is there; what does not fit is left out. */
  void draw(BufferedImage onto, String text, int left, int top) {
    int x = left;
    for (int character : text.codePoints().toArray()) {
      int width = width(character);
      for (int dy = 0; dy < HEIGHT; dy++) {
        for (int dx = 0; dx < width; dx++) {
          darken(onto, x + dx, top + dy, ink(character, dx, dy));
        }
      }
      x += width;
    }
  }

  private int ink(int character, int dx, int dy) {
    if (isKnown(character)) {
      return strip.getSample(starts[character - FIRST] + dx, dy, 0);
    }
    boolean inside = dx >= 1 && dx <= BOX_WIDTH - 2 && dy >= 3 && dy <= 12;
    boolean edge = dx == 1 || dx == BOX_WIDTH - 2 || dy == 3 || dy == 12;
    return inside && edge ? 255 : 0;
  }

  private static void darken(BufferedImage onto, int x, int y, int ink) {
    if (ink == 0 || x < 0 || y < 0 || x >= onto.getWidth() || y >= onto.getHeight()) {
      return;
    }
    int rgb = onto.getRGB(x, y);
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      mixed |= ((rgb >> shift & 0xff) * (255 - ink) / 255) << shift;
    }
    onto.setRGB(x, y, mixed);
  }
}
