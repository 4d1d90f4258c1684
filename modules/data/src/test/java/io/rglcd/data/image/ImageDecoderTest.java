package io.rglcd.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.TarBuilder;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {

  private final ImageDecoder decoder = new ImageDecoder(10_000);

  @Test
  void dropsAlphaWithoutBlending() throws ImageException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x10_c8_64_32);
    assertThat(png(image).rgb()).containsExactly(0xc8, 0x64, 0x32);
  }

  @Test
  void readsPalettes() throws ImageException {
    byte[] red = {10, (byte) 200};
    byte[] green = {20, (byte) 210};
    byte[] blue = {30, (byte) 220};
    IndexColorModel palette = new IndexColorModel(8, 2, red, green, blue, 0);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    assertThat(png(image).rgb()).containsExactly(10, 20, 30, 200, 210, 220);
  }

  @Test
  void keepsGreyValuesAsTheyAre() throws ImageException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, 100);
    assertThat(png(image).rgb()).containsExactly(100, 100, 100);
  }

  @Test
  void sixteenBitColoursKeepTheirHighByte() throws ImageException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {0x12ff, 0x34ff, 0xffff});
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertThat(png(image).rgb()).containsExactly(0x12, 0x34, 0xff);
  }

  @Test
  void sixteenBitGreyIsClippedAsPillowDoes() throws ImageException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 200);
    image.getRaster().setSample(1, 0, 0, 40_000);
    assertThat(png(image).rgb()).containsExactly(200, 200, 200, 255, 255, 255);
  }

  @Test
  void readsJpegWithinItsLoss() throws ImageException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, 0x806040);
    }
    RgbImage decoded = decoder.decode(TarBuilder.encode(image, "jpg"));
    assertThat(decoded.rgb()[0] & 0xff).isBetween(0x7c, 0x84);
    assertThat(decoded.rgb()[2] & 0xff).isBetween(0x3c, 0x44);
  }

  @Test
  void aJpegCutInTheMiddleOrBeforeItsEndMarkerIsCorrupt() {
    byte[] jpeg = jpegOfNoise();
    assertKind(Arrays.copyOf(jpeg, jpeg.length * 3 / 4), ImageException.Kind.CORRUPT);
    assertKind(Arrays.copyOf(jpeg, jpeg.length - 2), ImageException.Kind.CORRUPT);
  }

  @Test
  void refusesManyPixelsBeforeDecodingThem() {
    assertKind(TarBuilder.png(101, 100, 0), ImageException.Kind.TOO_LARGE);
  }

  @Test
  void refusesOtherData() {
    assertKind("not a picture".getBytes(StandardCharsets.UTF_8), ImageException.Kind.UNSUPPORTED);
    assertKind(new byte[0], ImageException.Kind.UNSUPPORTED);
  }

  @Property(tries = 200)
  void aPngCutAnywhereIsNeverAnotherFailure(@ForAll @IntRange(min = 0, max = 10_000) int at) {
    byte[] png = TarBuilder.png(20, 20, 0x123456);
    byte[] cut = Arrays.copyOf(png, at % png.length);
    try {
      assertThat(decoder.decode(cut).width()).isEqualTo(20);
    } catch (ImageException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private void assertKind(byte[] bytes, ImageException.Kind kind) {
    assertThatThrownBy(() -> decoder.decode(bytes))
        .isInstanceOfSatisfying(ImageException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private RgbImage png(BufferedImage image) throws ImageException {
    return decoder.decode(TarBuilder.encode(image, "png"));
  }

  private static byte[] jpegOfNoise() {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1024; i++) {
      image.setRGB(i % 32, i / 32, i * 2_654_435);
    }
    return TarBuilder.encode(image, "jpg");
  }
}
