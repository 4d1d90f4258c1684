package io.rglcd.data.source;

import java.time.Duration;

/**
 * How long may still be waited for a server. A deadline for each single byte would let one that
 * sends a byte at a time hold its reader for days, so a whole portion must come within it. Time
 * that the reader spends elsewhere does not count. For one thread.
 */
final class Patience {

  /** A portion in bytes. */
  static final int PORTION = 64 * 1024;

  private final Duration limit;
  private long leftNanos;
  private long gained;

  Patience(Duration limit) {
    this.limit = limit;
    this.leftNanos = limit.toNanos();
  }

  /** Bytes have come. */
  void gained(long bytes) {
    gained += bytes;
    if (gained >= PORTION) {
      renew();
    }
  }

  /** A new request has been made. */
  void renew() {
    gained = 0;
    leftNanos = limit.toNanos();
  }

  void waited(long nanos) {
    leftNanos -= nanos;
  }

  long leftNanos() {
    return leftNanos;
  }

  /** What is missed, in words. */
  String missed() {
    return "too slow: 64 KiB or the rest did not come within " + seconds(limit);
  }

  static String seconds(Duration duration) {
    double seconds = duration.toMillis() / 1000.0;
    return (seconds == Math.rint(seconds) ? String.valueOf((long) seconds) : seconds + "") + " s";
  }
}
