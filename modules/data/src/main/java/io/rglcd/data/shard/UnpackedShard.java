package io.rglcd.data.shard;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A gzip'ed shard, unpacked into a temporary file that goes with the process: samples can only be
 * read by position where there are positions.
 *
 * @param name of the packed shard
 * @param file with its unpacked bytes
 * @param damage why there may be more than these bytes; empty where all of it was unpacked
 */
record UnpackedShard(String name, Path file, Optional<String> damage) implements ShardSource {

  /** As many bytes at the start of a stream tell whether it is packed. */
  static final int MAGIC_LENGTH = 6;

  private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8};
  private static final Map<String, byte[]> OTHERS =
      Map.of(
          "bzip2", new byte[] {'B', 'Z', 'h'},
          "xz", new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0},
          "zstd", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
          "zip", new byte[] {'P', 'K', 3, 4});

  /**
   * Whether a stream that starts so is gzip'ed.
   *
   * @throws TarException where it is packed in a way that is not supported
   */
  static boolean isGzip(byte[] start) throws TarException {
    for (Map.Entry<String, byte[]> other : OTHERS.entrySet()) {
      if (startsWith(start, other.getValue())) {
        throw new TarException(other.getKey() + " data (expected: a tar or gzip'ed tar)");
      }
    }
    return startsWith(start, GZIP);
  }

  /**
   * Unpacks a whole stream; one that is damaged as far as it goes.
   *
   * @param maxBytes unpacked bytes at most
   * @throws IOException where there is no room for a temporary file
   */
  static UnpackedShard unpack(String name, InputStream packed, long maxBytes) throws IOException {
    Path file = Files.createTempFile("rglcd-shard-", ".tar");
    file.toFile().deleteOnExit();
    Optional<String> damage;
    try (OutputStream out = Files.newOutputStream(file)) {
      damage = copy(packed, out, maxBytes);
    }
    return new UnpackedShard(name, file, damage);
  }

  @Override
  public InputStream open(long offset) throws IOException {
    return new LocalShard(file).open(offset);
  }

  private static Optional<String> copy(InputStream packed, OutputStream out, long maxBytes)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    long left = maxBytes;
    int count = 0;
    InputStream in = null;
    while (count >= 0) {
      out.write(buffer, 0, count);
      left -= count;
      if (left < 0) {
        return Optional.of("more than " + maxBytes + " bytes unpacked");
      }
      try {
        in = in == null ? new GZIPInputStream(new Continued(packed), buffer.length) : in;
        count = in.read(buffer);
      } catch (ShardChangedException | ShardUnavailableException e) {
        throw e;
      } catch (IOException e) {
        return Optional.of("gzip data: " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  /**
   * Knows whether bytes follow. Of streams that do not, Java takes the end of a member for the end
   * of them all.
   */
  private static final class Continued extends PushbackInputStream {

    Continued(InputStream in) {
      super(in, 1);
    }

    @Override
    public int available() throws IOException {
      int next = read();
      if (next < 0) {
        return 0;
      }
      unread(next);
      return 1;
    }
  }
}
