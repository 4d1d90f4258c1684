package io.rglcd.data.source;

import io.rglcd.data.shard.LocalShard;
import io.rglcd.data.shard.ShardSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A shard that can only be read from its start on. Its samples are read from a copy in a temporary
 * file, which is made when the first is wanted and given up for those of other shards. Thread-safe.
 */
public final class SpooledShard implements ShardSource {

  private final ShardSource shard;
  private final Spool spool;
  private Path copy;

  /** A shard whose copy counts among those of a spool. */
  public SpooledShard(ShardSource shard, Spool spool) {
    this.shard = shard;
    this.spool = spool;
  }

  @Override
  public String name() {
    return shard.name();
  }

  /** The start comes from the shard itself: who reads all of it needs no copy. */
  @Override
  public InputStream open(long offset) throws IOException {
    return offset == 0 ? shard.open(0) : open(offset, Long.MAX_VALUE);
  }

  @Override
  public InputStream open(long offset, long length) throws IOException {
    spool.used(this);
    synchronized (this) {
      if (copy == null) {
        copy = made();
      }
      return new LocalShard(copy).open(offset);
    }
  }

  /** Gives the copy up; who has it open reads on. */
  synchronized void drop() {
    if (copy != null) {
      copy.toFile().delete();
      copy = null;
    }
  }

  private Path made() throws IOException {
    Path file = Files.createTempFile("rglcd-shard-", ".tar");
    file.toFile().deleteOnExit();
    boolean whole = false;
    try (InputStream in = shard.open(0);
        OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(out);
      whole = true;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
    }
    return file;
  }
}
