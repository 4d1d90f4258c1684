package io.rglcd.data.shard;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Walks the headers of a tar archive and skips the data, so that memory stays bounded and a local
 * shard is not read where it can be seeked. Names that do not fit a header (GNU long names, PAX
 * paths) and PAX sizes are resolved.
 *
 * <p>An archive may end without its two zero blocks if it ends where an entry's blocks end, as
 * concatenated and streamed archives do; anything else that is cut short is an error.
 */
final class TarReader {

  /** Long names and PAX records beyond this are refused: no path is that long. */
  private static final int MAX_EXTENSION = 1 << 20;

  private final InputStream in;
  private long position;
  private long fillAhead;

  TarReader(InputStream in) {
    this.in = new BufferedInputStream(in, 8 * 1024);
  }

  /**
   * The next regular file, its data already skipped and present in full, or empty at the end. Bytes
   * that fill up its last block are missed only when another entry is asked for.
   */
  Optional<TarEntry> next() throws IOException {
    skipExactly(fillAhead, "an entry");
    fillAhead = 0;
    String longName = null;
    PaxRecords pax = PaxRecords.EMPTY;
    byte[] block = new byte[TarHeader.BLOCK];
    while (true) {
      long at = position;
      int length = in.readNBytes(block, 0, block.length);
      position += length;
      boolean extended = longName != null || !pax.equals(PaxRecords.EMPTY);
      if (!extended && (length == 0 || (length == block.length && TarHeader.isZero(block)))) {
        return Optional.empty();
      }
      if (length < block.length) {
        throw new TarException("the archive ends inside the header at byte " + at);
      }
      TarHeader header = TarHeader.parse(block, at);
      if (header.type() == 'L') {
        longName = trimNul(extension(header));
      } else if (header.type() == 'x') {
        pax = PaxRecords.parse(extension(header), at);
      } else {
        String name = pax.path().orElse(longName == null ? header.name() : longName);
        long size = header.hasData() ? pax.size().orElse(header.size()) : 0;
        TarEntry entry = new TarEntry(name, position, size);
        skip(size, name);
        if (header.isFile() && !name.endsWith("/")) {
          fillAhead = padding(size);
          return Optional.of(entry);
        }
        skipExactly(padding(size), "entry " + name);
        longName = null;
        pax = PaxRecords.EMPTY;
      }
    }
  }

  private byte[] extension(TarHeader header) throws IOException {
    if (header.size() > MAX_EXTENSION) {
      throw new TarException(
          "extended header of " + header.size() + " bytes (expected: at most 1 MiB)");
    }
    byte[] data = in.readNBytes((int) header.size());
    position += data.length;
    if (data.length < header.size()) {
      throw new TarException("the archive ends inside an extended header");
    }
    skipExactly(padding(header.size()), "an extended header");
    return data;
  }

  private void skip(long size, String name) throws IOException {
    if (size > Long.MAX_VALUE - position - TarHeader.BLOCK) {
      throw new TarException("entry " + name + " claims " + size + " bytes");
    }
    skipExactly(size, "entry " + name);
  }

  /** Seeking past the end of a file goes unnoticed, so the last byte is read, not skipped. */
  private void skipExactly(long count, String what) throws IOException {
    if (count == 0) {
      return;
    }
    long left = count - 1;
    while (left > 0) {
      long skipped = in.skip(left);
      if (skipped <= 0) {
        if (in.read() < 0) {
          throw cut(what);
        }
        skipped = 1;
      }
      left -= skipped;
    }
    if (in.read() < 0) {
      throw cut(what);
    }
    position += count;
  }

  private static TarException cut(String what) {
    return new TarException("the archive ends inside " + what);
  }

  private static long padding(long size) {
    return -size & (TarHeader.BLOCK - 1);
  }

  private static String trimNul(byte[] name) {
    int end = 0;
    while (end < name.length && name[end] != 0) {
      end++;
    }
    return new String(name, 0, end, StandardCharsets.UTF_8);
  }
}
