package io.rglcd.data.source;

import io.rglcd.data.DataException;
import java.time.Duration;

/**
 * How shards are read over HTTP.
 *
 * @param connectTimeout for a connection to be made
 * @param readTimeout for an answer to begin, and for each further 64 KiB of it
 * @param retries in a row without 64 KiB gained before a shard counts as unavailable
 * @param tokens shown to the hosts that shards are named by
 */
public record HttpOptions(
    Duration connectTimeout, Duration readTimeout, int retries, BearerTokens tokens) {

  /** Patient with servers, and without a token. */
  public static final HttpOptions DEFAULT =
      new HttpOptions(Duration.ofSeconds(10), Duration.ofSeconds(30), 8, BearerTokens.NONE);

  /** Checks the bounds. */
  public HttpOptions {
    requirePositive("connectTimeout", connectTimeout);
    requirePositive("readTimeout", readTimeout);
    if (retries < 0) {
      throw new DataException("retries: " + retries + " (expected: >= 0)");
    }
  }

  /** The same with other tokens. */
  public HttpOptions withTokens(BearerTokens other) {
    return new HttpOptions(connectTimeout, readTimeout, retries, other);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new DataException(name + ": " + value + " (expected: > 0)");
    }
  }
}
