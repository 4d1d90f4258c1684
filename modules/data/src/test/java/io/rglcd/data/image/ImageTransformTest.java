package io.rglcd.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ImageTransformTest {

  @Test
  void halvingWeighsFourNeighboursAsPillowDoes() {
    byte[] rgb = new byte[3 * 4];
    for (int i = 0; i < 4; i++) {
      rgb[3 * i] = (byte) (i == 1 ? 80 : 0);
    }
    RgbImage half = PillowResize.resize(new RgbImage(4, 1, rgb), 2, 1, Interpolation.BILINEAR);
    // weights of the first output: 3/7, 3/7, 1/7; of the second: 1/7, 3/7, 3/7
    assertThat(half.rgb()[0]).isEqualTo((byte) 34);
    assertThat(half.rgb()[3]).isEqualTo((byte) 11);
  }

  @Test
  void aFlatPictureStaysFlatAtAnySize() {
    byte[] rgb = new byte[3 * 35];
    java.util.Arrays.fill(rgb, (byte) 201);
    for (Interpolation filter : Interpolation.values()) {
      for (int side : new int[] {1, 3, 8, 100}) {
        RgbImage resized = PillowResize.resize(new RgbImage(7, 5, rgb), side, side + 1, filter);
        assertThat(resized.rgb()).containsOnly(201);
      }
    }
  }

  @Test
  void theLongerSideIsRoundedDown() throws ImageException {
    RgbImage tall =
        ImageTransform.resizeShorterSide(
            new RgbImage(35, 45, new byte[3 * 35 * 45]), 24, Interpolation.BILINEAR, 10_000);
    assertThat(tall.width()).isEqualTo(24);
    assertThat(tall.height()).isEqualTo(30);
  }

  @Test
  void aStripThatWouldGrowBeyondTheBoundIsRefused() {
    RgbImage strip = new RgbImage(1000, 1, new byte[3000]);
    assertThatThrownBy(
            () -> ImageTransform.resizeShorterSide(strip, 512, Interpolation.BOX, 1_000_000))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("1000x1");
  }

  @Test
  void flippingExchangesLeftAndRight() {
    byte[] rgb = {0, 0, 0, (byte) 255, (byte) 255, (byte) 255};
    byte[] two = new byte[12];
    System.arraycopy(rgb, 0, two, 0, 6);
    System.arraycopy(rgb, 0, two, 6, 6);
    float[] out = new float[12];
    ImageTransform.crop(new RgbImage(2, 2, two), 0, 0, 2, true, out, 0);
    assertThat(out).startsWith(1f, -1f, 1f, -1f);
  }

  @Test
  void centersAsPythonRounds() {
    assertThat(ImageTransform.centered(5, 4)).isZero();
    assertThat(ImageTransform.centered(7, 4)).isEqualTo(2);
  }
}
