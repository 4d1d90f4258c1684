package io.rglcd.data.image;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * What a PNG says before its pixels, with the checksums verified that Pillow verifies: those of all
 * chunks before the pixels, none of theirs.
 *
 * @param bits of a sample
 * @param gray whether the pixels are grey without an alpha channel
 * @param colours of the palette, 0 where there is none
 */
record PngHeader(int bits, boolean gray, int colours) {

  private static final int SIGNATURE = 8;
  private static final int IHDR_END = SIGNATURE + 8 + 13 + 4;
  private static final int IHDR_BITS = SIGNATURE + 8 + 8;

  static PngHeader parse(byte[] png) throws ImageException {
    int at = SIGNATURE;
    int colours = 0;
    while (at + 12 <= png.length) {
      String type = new String(png, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (type.equals("IDAT")) {
        break;
      }
      long length = u32(png, at);
      if (length > png.length - at - 12) {
        throw corrupt("chunk " + type + " is cut short");
      }
      CRC32 crc = new CRC32();
      crc.update(png, at + 4, (int) length + 4);
      if (crc.getValue() != u32(png, at + 8 + (int) length)) {
        throw corrupt("the checksum of chunk " + type + " differs");
      }
      colours = type.equals("PLTE") ? (int) length / 3 : colours;
      at += (int) length + 12;
    }
    if (at < IHDR_END || png.length <= IHDR_END) {
      throw corrupt("it ends before its pixels");
    }
    return new PngHeader(png[IHDR_BITS], png[IHDR_BITS + 1] == 0, colours);
  }

  private static long u32(byte[] bytes, int at) {
    return (bytes[at] & 0xffL) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  private static ImageException corrupt(String reason) {
    return new ImageException(ImageException.Kind.CORRUPT, "PNG: " + reason);
  }
}
