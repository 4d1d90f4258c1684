package io.rglcd.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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
    assertThat(new Size(35, 45).withShorterSide(24, 10_000)).isEqualTo(new Size(24, 30));
    assertThat(new Size(45, 35).withShorterSide(24, 10_000)).isEqualTo(new Size(30, 24));
  }

  @Test
  void aStripThatWouldGrowBeyondTheBoundIsRefused() {
    assertThatThrownBy(() -> new Size(1000, 1).withShorterSide(512, 1_000_000))
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
    ImageTransform.crop(new RgbImage(2, 2, two), new Square(0, 0, 2, true), out, 0);
    assertThat(out).startsWith(1f, -1f, 1f, -1f);
  }

  @Property(tries = 200)
  void whatIsCutOffChangesNothing(
      @ForAll @IntRange(min = 1, max = 150) int width,
      @ForAll @IntRange(min = 1, max = 150) int height,
      @ForAll @IntRange(min = 1, max = 60) int side,
      @ForAll Interpolation filter,
      @ForAll boolean flip,
      @ForAll Random random)
      throws ImageException {
    byte[] rgb = new byte[3 * width * height];
    random.nextBytes(rgb);
    RgbImage image = new RgbImage(width, height, rgb);
    Size size = Size.of(image).withShorterSide(side, 1_000_000);
    int top = random.nextInt(size.height() - side + 1);
    int left = random.nextInt(size.width() - side + 1);
    Square square = new Square(top, left, side, flip);
    float[] expected = new float[3 * side * side + 7];
    ImageTransform.crop(
        PillowResize.resize(image, size.width(), size.height(), filter), square, expected, 7);
    float[] out = new float[3 * side * side + 7];
    ImageTransform.resizeAndCrop(image, size, filter, square, out, 7);
    assertThat(out).isEqualTo(expected);
  }

  @Test
  void centersAsPythonRounds() {
    assertThat(ImageTransform.centered(5, 4)).isZero();
    assertThat(ImageTransform.centered(7, 4)).isEqualTo(2);
  }
}
