package io.rglcd.data.source;

import io.rglcd.data.shard.LocalShard;
import io.rglcd.data.shard.ShardMissingException;
import io.rglcd.data.shard.ShardSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A shard that is read from its copy in a cache; from where it lies if there is no room for one.
 * Thread-safe.
 */
final class CachedShard implements ShardSource {

  /** Milliseconds after which a copy that is used is marked so. */
  private static final long TOUCH_MILLIS = 10_000;

  private final ShardSource shard;
  private final ShardCache cache;
  private final InstantSource clock;
  private Path copy;
  private boolean noRoom;
  private long touched;

  CachedShard(ShardSource shard, ShardCache cache, InstantSource clock) {
    this.shard = shard;
    this.cache = cache;
    this.clock = clock;
  }

  @Override
  public String name() {
    return shard.name();
  }

  @Override
  public String version() throws IOException {
    return shard.version();
  }

  @Override
  public ShardSource anew() {
    return new CachedShard(shard.anew(), cache, clock);
  }

  @Override
  public InputStream open(long offset) throws IOException {
    Optional<InputStream> local = local(offset);
    return local.isPresent() ? local.get() : shard.open(offset);
  }

  @Override
  public InputStream open(long offset, long length) throws IOException {
    Optional<InputStream> local = local(offset);
    return local.isPresent() ? local.get() : shard.open(offset, length);
  }

  /** A copy that another process has taken away is made again, once. */
  private synchronized Optional<InputStream> local(long offset) throws IOException {
    for (int attempt = 0; attempt < 2 && !noRoom; attempt++) {
      if (copy == null) {
        copy = cache.copy(shard).orElse(null);
        noRoom = copy == null;
      }
      if (copy != null) {
        try {
          InputStream in = new LocalShard(copy).open(offset);
          touch();
          return Optional.of(in);
        } catch (ShardMissingException e) {
          copy = null;
        }
      }
    }
    return Optional.empty();
  }

  private void touch() {
    long now = clock.millis();
    if (now - touched >= TOUCH_MILLIS && copy.toFile().setLastModified(now)) {
      touched = now;
    }
  }
}
