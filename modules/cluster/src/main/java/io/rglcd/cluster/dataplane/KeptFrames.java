package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Chunks of the mean that were packed when they were added up and that are kept until all senders
 * have sent them, so that not each of them packs them again. Only so many: a receiver may be slow.
 * Thread-safe.
 */
final class KeptFrames {

  /** Chunks at most, for all senders of a reduction together. */
  private static final int MOST = 16;

  private final Addition addition;
  private final int senders;
  private final Set<Frame> kept = new HashSet<>();

  /** A chunk as it travels. */
  final class Frame {

    private final Addition.Frame packed;
    private int left = senders;

    private Frame(Addition.Frame packed) {
      this.packed = packed;
    }

    /** For one sender. */
    ByteBuffer bytes() {
      return packed.bytes().duplicate();
    }

    /** One sender has sent it. */
    void sent() {
      synchronized (kept) {
        left--;
        if (left == 0 && kept.remove(this)) {
          addition.free(packed);
        }
      }
    }
  }

  KeptFrames(Addition addition, int senders) {
    this.addition = addition;
    this.senders = senders;
  }

  /** Keeps a chunk that was packed, if there is room; otherwise its memory is free. */
  Optional<Frame> keep(Addition.Frame packed) {
    synchronized (kept) {
      if (kept.size() < MOST) {
        Frame frame = new Frame(packed);
        kept.add(frame);
        return Optional.of(frame);
      }
    }
    addition.free(packed);
    return Optional.empty();
  }

  /** Frees the memory of those that are not sent by all and will not be. */
  void end() {
    synchronized (kept) {
      kept.forEach(frame -> addition.free(frame.packed));
      kept.clear();
    }
  }
}
