package io.rglcd.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG without the chunks that do not matter to its colours, nor those behind its pixels. The
 * checksums are verified that Pillow verifies: those of all chunks before the pixels, none of the
 * pixels' own.
 *
 * @param bits of a sample
 * @param gray whether the pixels are grey without an alpha channel
 * @param colours of the palette, 0 where there is none
 * @param bytes the picture's header, palette and pixels
 */
record PngStream(int bits, boolean gray, int colours, byte[] bytes) {

  private static final int SIGNATURE = 8;
  private static final int CHUNK_HEAD = 8;
  private static final int CHECKSUM = 4;
  private static final int HEADER = SIGNATURE + CHUNK_HEAD + 13 + CHECKSUM;
  private static final String PIXELS = "IDAT";
  private static final Set<String> KEPT = Set.of("IHDR", "PLTE", PIXELS);
  private static final byte[] END = {
    0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82
  };

  static PngStream parse(byte[] png) throws ImageException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(png.length + END.length);
    kept.write(png, 0, SIGNATURE);
    int colours = 0;
    boolean pixels = false;
    ByteBuffer file = ByteBuffer.wrap(png).position(SIGNATURE);
    while (file.remaining() >= CHUNK_HEAD) {
      int at = file.position();
      int there = file.remaining() - CHUNK_HEAD;
      int length = file.getInt(at);
      String type = new String(png, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (pixels && !type.equals(PIXELS)) {
        break;
      }
      pixels = type.equals(PIXELS);
      if (!pixels) {
        requireWhole(png, at, length, there, type);
        colours = type.equals("PLTE") ? length / 3 : colours;
      }
      int data = length < 0 ? there : Math.min(length, there);
      if (KEPT.contains(type)) {
        write(kept, png, at, data);
      }
      file.position(at + CHUNK_HEAD + Math.min(there, data + CHECKSUM));
    }
    if (!pixels || png.length < HEADER) {
      throw corrupt("it ends before its pixels");
    }
    kept.write(END, 0, END.length);
    return new PngStream(
        png[SIGNATURE + 16], png[SIGNATURE + 17] == 0, colours, kept.toByteArray());
  }

  /** A chunk of so much data, which may be less than it claims; nobody looks at its checksum. */
  private static void write(ByteArrayOutputStream out, byte[] png, int at, int data) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(data).array());
    out.write(png, at + 4, 4 + data);
    out.writeBytes(new byte[CHECKSUM]);
  }

  private static void requireWhole(byte[] png, int at, int length, int there, String type)
      throws ImageException {
    if (length < 0 || length > there - CHECKSUM) {
      throw corrupt("chunk " + type + " is cut short");
    }
    CRC32 crc = new CRC32();
    crc.update(png, at + 4, length + 4);
    if ((int) crc.getValue() != ByteBuffer.wrap(png).getInt(at + 8 + length)) {
      throw corrupt("the checksum of chunk " + type + " differs");
    }
  }

  private static ImageException corrupt(String reason) {
    return new ImageException(ImageException.Kind.CORRUPT, "PNG: " + reason);
  }
}
