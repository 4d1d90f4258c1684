package io.rglcd.data.pack;

import io.rglcd.data.DataException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes one shard as webdataset's TarWriter does: the files of a sample in a row, named by its
 * key. Owner, mode and time are always the same, so equal samples make equal bytes. The shard has
 * its name only when it is complete; until then it is called {@code .part}.
 */
public final class ShardWriter implements AutoCloseable {

  private static final int MODE = 0100444;
  private static final int BUFFER = 1 << 20;

  private final Path target;
  private final Path part;
  private final TarArchiveOutputStream tar;
  private long bytes;

  private ShardWriter(Path target, Path part, OutputStream out) {
    this.target = target;
    this.part = part;
    this.tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /**
   * Begins a shard; what an earlier writer left unfinished is written over.
   *
   * @throws DataException naming the file if it cannot be written
   */
  public static ShardWriter create(Path target) {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER);
      return new ShardWriter(target, part, out);
    } catch (IOException e) {
      throw failure(part, e);
    }
  }

  /**
   * Adds a sample.
   *
   * @param key without a dot in its last part
   * @param files extension to content, in the order in which they are to be in the shard
   * @throws DataException naming the file if it cannot be written
   */
  public void write(String key, Map<String, byte[]> files) {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] content = file.getValue();
      TarArchiveEntry entry = new TarArchiveEntry(key + "." + file.getKey(), true);
      entry.setSize(content.length);
      entry.setMode(MODE);
      entry.setModTime(0L);
      entry.setIds(0, 0);
      try {
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      } catch (IOException e) {
        throw failure(part, e);
      }
      bytes += content.length;
    }
  }

  /** Bytes of the files so far, without headers. */
  public long bytes() {
    return bytes;
  }

  /**
   * Completes the shard and gives it its name.
   *
   * @throws DataException naming the file if it cannot be written
   */
  public void finish() {
    try {
      tar.finish();
      tar.close();
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private static DataException failure(Path file, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new DataException("cannot write " + file + ": " + reason, e);
  }

  /** Throws away what is not finished. */
  @Override
  public void close() {
    try {
      tar.close();
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw failure(part, e);
    }
  }
}
