package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chunks of the mean that were packed when they were added up and that are kept until all senders
 * have sent them, so that not each of them packs them again. Only so many: a receiver may be slow.
 * Thread-safe.
 */
final class KeptFrames {

  /** Chunks at most, for all senders of a reduction together. */
  private static final int MOST = 16;

  private final Staging staging;
  private final int senders;
  private final AtomicInteger kept = new AtomicInteger();

  /** A chunk as it travels. One that is not sent by all is left to the garbage collector. */
  final class Frame {

    private final ByteBuffer bytes;
    private final AtomicInteger left = new AtomicInteger(senders);

    private Frame(ByteBuffer bytes) {
      this.bytes = bytes;
    }

    /** For one sender. */
    ByteBuffer bytes() {
      return bytes.duplicate();
    }

    /** One sender has sent it. */
    void sent() {
      if (left.decrementAndGet() == 0) {
        kept.decrementAndGet();
        staging.give(bytes);
      }
    }
  }

  KeptFrames(Staging staging, int senders) {
    this.staging = staging;
    this.senders = senders;
  }

  /**
   * Keeps a chunk, if there is room; otherwise its memory is free.
   *
   * @param bytes of the staging
   */
  Optional<Frame> keep(ByteBuffer bytes) {
    if (kept.incrementAndGet() <= MOST) {
      return Optional.of(new Frame(bytes));
    }
    kept.decrementAndGet();
    staging.give(bytes);
    return Optional.empty();
  }
}
