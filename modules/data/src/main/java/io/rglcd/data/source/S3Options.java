package io.rglcd.data.source;

/**
 * How buckets are reached. Empty texts are looked for where AWS's own tools look: the environment,
 * {@code ~/.aws} and the machine's metadata.
 *
 * @param endpoint of a server that is not AWS, as {@code https://host:port}; or empty
 * @param region or empty
 * @param pathStyle whether the bucket is part of the path rather than of the host name
 * @param anonymous whether requests are not signed, for public buckets
 */
public record S3Options(String endpoint, String region, boolean pathStyle, boolean anonymous) {

  /** AWS, with what its tools are configured to. */
  public static final S3Options DEFAULT = new S3Options("", "", false, false);
}
