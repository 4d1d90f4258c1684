package io.rglcd.data.shard;

import java.nio.charset.StandardCharsets;

/**
 * One 512-byte header block of a tar archive: ustar, GNU and PAX forms (POSIX.1-2008 pax; GNU tar
 * manual, "Basic Tar Format").
 *
 * @param name path, with the ustar prefix
 * @param size of the data that follows, in bytes
 * @param type flag: '0' or NUL a file, 'L' a long name, 'x' PAX records, others no data of interest
 */
record TarHeader(String name, long size, char type) {

  static final int BLOCK = 512;

  private static final int NAME_LENGTH = 100;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int PREFIX_LENGTH = 155;

  /** Reads a header; {@code at} is for messages. */
  static TarHeader parse(byte[] block, long at) throws TarException {
    long expected = octal(block, CHECKSUM, 8, at);
    long unsignedSum = 0;
    long signedSum = 0;
    for (int i = 0; i < BLOCK; i++) {
      byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[i];
      unsignedSum += b & 0xff;
      signedSum += b;
    }
    if (expected != unsignedSum && expected != signedSum) {
      throw new TarException("no tar header at byte " + at + " (checksum differs)");
    }
    String name = text(block, 0, NAME_LENGTH);
    if (text(block, MAGIC, 6).equals("ustar")) {
      String prefix = text(block, PREFIX, PREFIX_LENGTH);
      name = prefix.isEmpty() ? name : prefix + "/" + name;
    }
    return new TarHeader(name, number(block, SIZE, 12, at), (char) (block[TYPE] & 0xff));
  }

  /** Whether the entry is a regular file (contiguous files count, old folders do too). */
  boolean isFile() {
    return type == '0' || type == 0 || type == '7';
  }

  /** Whether data blocks follow: links, devices and folders have none. */
  boolean hasData() {
    return type < '1' || type > '6';
  }

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static long number(byte[] block, int offset, int length, long at) throws TarException {
    if ((block[offset] & 0x80) == 0) {
      return octal(block, offset, length, at);
    }
    long value = block[offset] & 0x7f;
    for (int i = offset + 1; i < offset + length; i++) {
      if (value >>> 54 != 0) {
        throw new TarException("tar header at byte " + at + " has an absurd size");
      }
      value = value << 8 | (block[i] & 0xff);
    }
    return value;
  }

  private static long octal(byte[] block, int offset, int length, long at) throws TarException {
    long value = 0;
    boolean digits = false;
    for (int i = offset; i < offset + length; i++) {
      int c = block[i];
      if (c >= '0' && c <= '7') {
        value = value << 3 | (c - '0');
        digits = true;
      } else if (c == 0 || c == ' ') {
        if (digits) {
          break;
        }
      } else {
        throw new TarException("no tar header at byte " + at + " (a number is not octal)");
      }
    }
    return value;
  }

  private static String text(byte[] block, int offset, int length) {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return new String(block, offset, end - offset, StandardCharsets.UTF_8);
  }
}
