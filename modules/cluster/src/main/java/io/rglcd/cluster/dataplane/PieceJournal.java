package io.rglcd.cluster.dataplane;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/** Which pieces of a file have arrived, in a small file beside it, so that a restart goes on. */
final class PieceJournal implements AutoCloseable {

  private final Path path;
  private final FileChannel file;
  private final Set<Long> done = new HashSet<>();

  PieceJournal(Path part) throws IOException {
    this.path = part.resolveSibling(part.getFileName() + "-pieces");
    this.file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Takes over what is known of this very file; forgets what is of another. */
  synchronized void begin(long size, long crc) throws IOException {
    ByteBuffer known = ByteBuffer.allocate((int) Math.min(file.size(), 1 << 24));
    file.read(known, 0);
    known.flip();
    if (known.remaining() >= 16 && known.getLong() == size && known.getLong() == crc) {
      while (known.remaining() >= 8) {
        done.add(known.getLong());
      }
      file.position(16 + 8L * done.size());
    } else {
      file.truncate(0);
      write(ByteBuffer.allocate(16).putLong(size).putLong(crc));
    }
  }

  synchronized boolean has(long piece) {
    return done.contains(piece);
  }

  synchronized void done(long piece) throws IOException {
    if (done.add(piece)) {
      write(ByteBuffer.allocate(8).putLong(piece));
    }
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
