package io.rglcd.data.source;

/**
 * How shards are found and read.
 *
 * @param http over HTTP
 * @param s3 buckets, over HTTP too
 * @param skipMissing whether a shard that does not exist is passed over; otherwise it is an error
 */
public record SourceOptions(HttpOptions http, S3Options s3, boolean skipMissing) {

  /** Without a token; each shard must exist. */
  public static final SourceOptions DEFAULT =
      new SourceOptions(HttpOptions.DEFAULT, S3Options.DEFAULT, false);
}
