package io.rglcd.cluster.dataplane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Which pieces of a file have arrived, in a small file beside it, so that a restart goes on. */
final class PieceJournal implements AutoCloseable {

  private final Path path;
  private final FileChannel file;
  private final Map<Long, Long> done = new HashMap<>();

  PieceJournal(Path part) throws IOException {
    this.path = part.resolveSibling(part.getFileName() + "-pieces");
    this.file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Takes over what is known of this very file; forgets what is of another. */
  synchronized void begin(long size, long digest) throws IOException {
    ByteBuffer known = ByteBuffer.allocate((int) Math.min(file.size(), 1 << 24));
    file.read(known, 0);
    known.flip();
    if (known.remaining() >= 16 && known.getLong() == size && known.getLong() == digest) {
      while (known.remaining() >= 16) {
        done.put(known.getLong(), known.getLong());
      }
      file.position(known.position());
    } else {
      file.truncate(0);
      write(ByteBuffer.allocate(16).putLong(size).putLong(digest));
    }
  }

  /** CRC32C of a piece that has arrived. */
  synchronized OptionalLong checksum(long piece) {
    Long known = done.get(piece);
    return known == null ? OptionalLong.empty() : OptionalLong.of(known);
  }

  synchronized void done(long piece, long checksum) throws IOException {
    done.put(piece, checksum);
    write(ByteBuffer.allocate(16).putLong(piece).putLong(checksum));
  }

  private void write(ByteBuffer entry) throws IOException {
    entry.flip();
    while (entry.hasRemaining()) {
      file.write(entry);
    }
  }

  void delete() throws IOException {
    file.close();
    Files.deleteIfExists(path);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
