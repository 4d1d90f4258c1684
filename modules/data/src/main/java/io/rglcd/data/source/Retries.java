package io.rglcd.data.source;

import io.rglcd.data.shard.ShardMissingException;
import io.rglcd.data.shard.ShardUnavailableException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Counts the failures of one reader and pauses after each: half a second at first, twice as long
 * each time up to 30 s, less a random part of up to a half so that many readers do not come back at
 * once. They count as in a row until 64 KiB have been gained. For one thread.
 */
final class Retries {

  private static final long FIRST_MILLIS = 500;
  private static final long LONGEST_MILLIS = 30_000;
  private static final int MOST_DOUBLINGS = 6;

  private final String shard;
  private final int limit;
  private final RandomGenerator random;
  private final Sleeper sleeper;
  private int failures;
  private long gained;

  Retries(String shard, int limit, RandomGenerator random, Sleeper sleeper) {
    this.shard = shard;
    this.limit = limit;
    this.random = random;
    this.sleeper = sleeper;
  }

  /** Bytes have come. */
  void gained(long bytes) {
    gained += bytes;
    if (gained >= Patience.PORTION) {
      failures = 0;
    }
  }

  /**
   * Returns after a pause where another attempt is due.
   *
   * @throws ShardUnavailableException where none is
   */
  void failed(HttpFailure failure) throws ShardUnavailableException {
    String sentence = "shard " + shard + ": " + failure.getMessage();
    if (failure.kind() == HttpFailure.Kind.MISSING) {
      throw new ShardMissingException(sentence, failure);
    }
    if (failure.kind() == HttpFailure.Kind.LASTING) {
      throw new ShardUnavailableException(sentence, failure);
    }
    if (failures >= limit) {
      throw new ShardUnavailableException(
          "shard "
              + shard
              + ": "
              + failure.getMessage()
              + " (given up after "
              + limit
              + " retries)",
          failure);
    }
    Duration pause = pause(failures, random);
    failures++;
    gained = 0;
    try {
      sleeper.sleep(longer(pause, failure.retryAfter()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ShardUnavailableException("shard " + shard + ": reading was interrupted", e);
    }
  }

  private static Duration pause(int failuresBefore, RandomGenerator random) {
    long doubled = FIRST_MILLIS << Math.min(failuresBefore, MOST_DOUBLINGS);
    long millis = Math.min(doubled, LONGEST_MILLIS);
    return Duration.ofMillis(millis - (long) (random.nextDouble() * (millis / 2 + 1)));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
