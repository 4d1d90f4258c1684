package io.rglcd.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PillowResizeTest {

  /** CRC-32 of the bytes that Pillow 12.3.0 returns for the same picture, filter and sizes. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "bilinear,      790f5e3b, e2eb2eb7, 2c9cfe0c, 704df4d8",
    "bicubic,       5477ff3a, e64ba006, 4f9c2439, c58e43ff",
    "box,           19f5e815, 5128b500, e6c406c4, 961c585f",
    "nearest,       e61e02d7, 5128b500, a363dd73, 961c585f",
    "nearest_exact, e61e02d7, 5128b500, a363dd73, 961c585f",
    "hamming,       7af9ac9b, d80486e2, c3cc28e0, de97bb5e",
    "lanczos,       88908286, afcd90dc, 187a17df, 8546ef64",
  })
  void everyFilterGivesTheBytesOfPillow(
      String name, String smaller, String taller, String wideAndFlat, String larger) {
    Interpolation filter = Interpolation.of(name);

    assertThat(digest(24, 16, filter)).isEqualTo(smaller);
    assertThat(digest(67, 101, filter)).isEqualTo(taller);
    assertThat(digest(200, 13, filter)).isEqualTo(wideAndFlat);
    assertThat(digest(333, 224, filter)).isEqualTo(larger);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> Interpolation.of("cubic"))
        .hasMessageContaining("cubic (expected: one of bilinear, bicubic, box, nearest,");
  }

  private static String digest(int width, int height, Interpolation filter) {
    CRC32 crc = new CRC32();
    crc.update(PillowResize.resize(noise(67, 45), width, height, filter).rgb());
    return String.format("%08x", crc.getValue());
  }

  /** Bits 16 to 23 of a linear congruential sequence. */
  private static RgbImage noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    int state = 1;
    for (int i = 0; i < rgb.length; i++) {
      state = (state * 1103515245 + 12345) & 0x7fffffff;
      rgb[i] = (byte) (state >> 16);
    }
    return new RgbImage(width, height, rgb);
  }
}
