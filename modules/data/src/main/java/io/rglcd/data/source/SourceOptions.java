package io.rglcd.data.source;

import io.rglcd.data.DataException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How shards are found and read.
 *
 * @param http over HTTP
 * @param s3 buckets, over HTTP too
 * @param pipeTimeout for each 64 KiB of a command
 * @param indexDirectory where indices of shards are kept; empty to read each shard at the start
 * @param cache where whole shards of servers and commands are kept; empty for none
 * @param skipMissing whether a shard that does not exist is passed over; otherwise it is an error
 */
public record SourceOptions(
    HttpOptions http,
    S3Options s3,
    Duration pipeTimeout,
    Optional<Path> indexDirectory,
    Optional<CacheOptions> cache,
    boolean skipMissing) {

  /**
   * A cache on a disk.
   *
   * @param directory that processes may share
   * @param maxBytes of all shards in it
   */
  public record CacheOptions(Path directory, long maxBytes) {}

  /** Checks the bound. */
  public SourceOptions {
    if (pipeTimeout.isNegative() || pipeTimeout.isZero()) {
      throw new DataException("pipeTimeout: " + pipeTimeout + " (expected: > 0)");
    }
  }

  /** Without a token, nothing kept; each shard must exist. */
  public static final SourceOptions DEFAULT =
      new SourceOptions(
          HttpOptions.DEFAULT,
          S3Options.DEFAULT,
          Duration.ofMinutes(10),
          Optional.empty(),
          Optional.empty(),
          false);

  /** The same, passing over shards that do not exist. */
  public SourceOptions skippingMissing() {
    return new SourceOptions(http, s3, pipeTimeout, indexDirectory, cache, true);
  }

  /** The same over HTTP in another way. */
  public SourceOptions withHttp(HttpOptions other) {
    return new SourceOptions(other, s3, pipeTimeout, indexDirectory, cache, skipMissing);
  }

  /** The same with kept indices. */
  public SourceOptions withIndexDirectory(Path directory) {
    return new SourceOptions(http, s3, pipeTimeout, Optional.of(directory), cache, skipMissing);
  }

  /** The same with a cache of shards. */
  public SourceOptions withCache(CacheOptions other) {
    return new SourceOptions(
        http, s3, pipeTimeout, indexDirectory, Optional.of(other), skipMissing);
  }
}
