package io.rglcd.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class BitmapFontTest {

  private static final int WHITE = 0xffffff;

  private static BufferedImage drawn(String text) {
    BufferedImage image = new BufferedImage(120, 20, BufferedImage.TYPE_INT_RGB);
    image.getGraphics().fillRect(0, 0, 120, 20);
    BitmapFont.get().draw(image, text, 2, 1);
    return image;
  }

  private static long inked(BufferedImage image, int from, int to) {
    long count = 0;
    for (int x = from; x < to; x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        count += (image.getRGB(x, y) & WHITE) == WHITE ? 0 : 1;
      }
    }
    return count;
  }

  @Test
  void everyPrintableCharacterButTheBlankLeavesItsOwnInk() {
    BitmapFont font = BitmapFont.get();
    for (char c = '!'; c <= '~'; c++) {
      String text = String.valueOf(c);
      BufferedImage image = drawn(text);
      assertThat(inked(image, 0, 2 + font.width(text))).as("ink of %s", c).isPositive();
      assertThat(inked(image, 2 + font.width(text), 120)).as("beyond %s", c).isZero();
    }
    assertThat(inked(drawn("   "), 0, 120)).isZero();
  }

  @Test
  void unknownCharacterIsABox() {
    BufferedImage image = drawn("\u4e2d");
    assertThat(image.getRGB(3, 4) & WHITE).isZero();
    assertThat(image.getRGB(5, 8) & WHITE).isEqualTo(WHITE);
    assertThat(BitmapFont.get().width("a\u4e2db")).isEqualTo(BitmapFont.get().width("ab") + 8);
  }
}
