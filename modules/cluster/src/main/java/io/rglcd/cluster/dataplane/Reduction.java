package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.protocol.Endpoint;
import java.io.Closeable;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One reduction on one node: its vectors, who uses them now, and what is missing until it is
 * complete. Thread-safe.
 */
final class Reduction {

  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long QUIET_MILLIS = 50;

  private final ReductionPlan plan;
  private final Endpoint self;
  private final Map<Integer, VectorBuffer> gradients = new HashMap<>();
  private final VectorBuffer mean;
  private final LongSupplier nanos;
  private final long began;
  private final CompletableFuture<ReductionResult> done = new CompletableFuture<>();
  private final AtomicLong progress = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final Set<Chunk> missing = new HashSet<>();
  private final Set<Closeable> users = Collections.newSetFromMap(new IdentityHashMap<>());
  private int unserved;
  private volatile boolean over;

  /**
   * Nothing has arrived.
   *
   * @param mine index to vector, for the contributions held here; alive until it is over
   * @param mean alive until it is over
   * @throws DataPlaneException if a gradient that the plan says is here is not
   */
  Reduction(
      ReductionPlan plan,
      Endpoint self,
      Map<Integer, NDArray> mine,
      NDArray mean,
      LongSupplier nanos) {
    this.plan = plan;
    this.self = self;
    this.mean = new VectorBuffer(mean);
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    for (Contribution held : plan.contributions()) {
      if (!held.holder().equals(self)) {
        continue;
      }
      if (!mine.containsKey(held.index())) {
        throw new DataPlaneException("gradient of micro-batch " + held.index() + " is missing");
      }
      gradients.put(held.index(), new VectorBuffer(mine.get(held.index())));
    }
  }

  /** What it takes to complete: all chunks here, and so many nodes that have all they need. */
  synchronized void needs(Chunks chunks, int nodes) {
    missing.addAll(chunks.all());
    unserved = nodes;
  }

  ReductionPlan plan() {
    return plan;
  }

  /** This node. */
  Endpoint self() {
    return self;
  }

  /** A contribution that is held here. */
  VectorBuffer gradient(int index) {
    return gradients.get(index);
  }

  VectorBuffer mean() {
    return mean;
  }

  CompletableFuture<ReductionResult> done() {
    return done;
  }

  boolean isOver() {
    return over;
  }

  /**
   * Whether somebody may use its vectors now; to be ended by {@link #leave}.
   *
   * @param by closed if the reduction fails before
   */
  synchronized boolean enter(Closeable by) {
    return !over && users.add(by);
  }

  synchronized void leave(Closeable by) {
    users.remove(by);
    notifyAll();
  }

  synchronized boolean isMissing(Chunk chunk) {
    return missing.contains(chunk);
  }

  /** A chunk of the mean is here. */
  synchronized void meanIsHere(Chunk chunk) {
    missing.remove(chunk);
    progressed();
    completeIfAllIsDone();
  }

  /** One more node has all that it needs. */
  synchronized void served() {
    unserved--;
    completeIfAllIsDone();
  }

  private void completeIfAllIsDone() {
    if (missing.isEmpty() && unserved == 0 && !over) {
      done.complete(
          new ReductionResult((nanos.getAsLong() - began) / 1e9, sent.get(), received.get()));
    }
  }

  void sent(int bytes) {
    sent.addAndGet(bytes);
    progressed();
  }

  void received(int bytes) {
    received.addAndGet(bytes);
    progressed();
  }

  void progressed() {
    progress.incrementAndGet();
  }

  /** Grows with everything that happens. */
  long progress() {
    return progress.get();
  }

  /** Nobody may enter any more; false if it was so before. */
  synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  /** What still uses its vectors. */
  synchronized Set<Closeable> users() {
    return Set.copyOf(users);
  }

  /** Returns when nothing uses its vectors any more. */
  synchronized void awaitLeft() {
    long deadline = nanos.getAsLong() + LEAVE_NANOS;
    while (!users.isEmpty() && nanos.getAsLong() < deadline) {
      try {
        wait(QUIET_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
