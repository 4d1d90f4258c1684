package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.StepKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The reduction of this node: one at a time, each newer than all before. Thread-safe. */
final class Rounds {

  private final Duration patience;
  private final LongSupplier nanos;
  private final AtomicLong late = new AtomicLong();
  private ReductionWork current;
  private StepKey newest;
  private boolean closed;

  Rounds(Duration patience, LongSupplier nanos) {
    this.nanos = nanos;
    this.patience = patience;
  }

  /** Makes a reduction the current one; the one before is aborted. */
  void begin(ReductionWork reduction) {
    ReductionWork before;
    synchronized (this) {
      if (newest != null && !newest.isOlderThan(reduction.key())) {
        throw new DataPlaneException(
            reduction.key() + " is not newer than " + newest + ", which was begun before");
      }
      before = current;
    }
    if (before != null) {
      before.fail("a newer attempt has begun");
    }
    synchronized (this) {
      current = reduction;
      newest = reduction.key();
      notifyAll();
    }
  }

  synchronized Optional<ReductionWork> current() {
    return Optional.ofNullable(current);
  }

  /**
   * The reduction that a frame belongs to; waits a while if it is newer than what is known here.
   *
   * @return nothing for an older attempt, whose frames are thrown away and counted
   */
  synchronized Optional<ReductionWork> of(StepKey key) throws InterruptedException {
    long deadline = nanos.getAsLong() + patience.toNanos();
    while (!closed && (newest == null || newest.isOlderThan(key))) {
      long left = (deadline - nanos.getAsLong()) / 1_000_000;
      if (left <= 0) {
        break;
      }
      wait(left);
    }
    if (current != null && current.key().equals(key) && !current.reduction().isOver()) {
      return Optional.of(current);
    }
    late.incrementAndGet();
    return Optional.empty();
  }

  long lateFrames() {
    return late.get();
  }

  void close() {
    Optional<ReductionWork> last = current();
    last.ifPresent(r -> r.fail("the data plane is closed"));
    synchronized (this) {
      closed = true;
      notifyAll();
    }
  }
}
