package io.rglcd.data.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Random;

/** Shards over HTTP for tests: no pause between attempts takes any time. */
final class HttpShards {

  private HttpShards() {}

  static HttpShard shard(String address, HttpOptions options, Sleeper sleeper) {
    return new HttpShard(
        URI.create(address), new HttpFetcher(options, System::nanoTime, new Random(1), sleeper));
  }

  static HttpOptions options(int retries, double readSeconds) {
    return new HttpOptions(
        Duration.ofSeconds(5),
        Duration.ofMillis(Math.round(1000 * readSeconds)),
        retries,
        BearerTokens.NONE);
  }

  static byte[] read(HttpShard shard) throws IOException {
    try (InputStream in = shard.open(0)) {
      return in.readAllBytes();
    }
  }

  static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
