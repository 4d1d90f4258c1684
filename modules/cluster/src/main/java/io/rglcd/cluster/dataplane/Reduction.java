package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.dataplane.ReductionPlan.Slice;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.StepKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * One reduction on one node: what has arrived, what is added, what is complete. Chunks of the
 * node's own slices are added as soon as all contributions to them are there, in the order of the
 * contributions; a sender that is too far ahead of the others has to wait.
 */
final class Reduction {

  /** Chunks that a sender may be ahead of the first incomplete one. */
  private static final int WINDOW = 16;

  private static final long QUIET_MILLIS = 1000;

  /** A piece of the vector. */
  record Chunk(long offset, int elements) {}

  private final ReductionPlan plan;
  private final Endpoint self;
  private final int chunkElements;
  private final Map<Integer, NDArray> mine;
  private final NDArray mean;
  private final List<Chunk> own;
  private final Map<Long, Map<Integer, Staging.Slot>> arrived = new HashMap<>();
  private final TreeSet<Long> incomplete = new TreeSet<>();
  private final Set<Long> meanMissing = new HashSet<>();
  private final CompletableFuture<ReductionResult> done = new CompletableFuture<>();
  private final AtomicLong progress = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final LongSupplier nanos;
  private final long began;
  private int busy;
  private boolean over;
  private Consumer<Reduction> onFailure = r -> {};

  Reduction(
      ReductionPlan plan,
      Endpoint self,
      int chunkElements,
      Map<Integer, NDArray> mine,
      NDArray mean,
      LongSupplier nanos) {
    this.nanos = nanos;
    this.began = nanos.getAsLong();
    this.plan = plan;
    this.self = self;
    this.chunkElements = chunkElements;
    this.mine = mine;
    this.mean = mean;
    this.own = chunks(slice -> slice.owner().equals(self));
    own.forEach(chunk -> incomplete.add(chunk.offset()));
    chunks(slice -> true).forEach(chunk -> meanMissing.add(chunk.offset()));
  }

  private List<Chunk> chunks(java.util.function.Predicate<Slice> which) {
    List<Chunk> all = new ArrayList<>();
    for (Slice slice : plan.slices()) {
      if (which.test(slice)) {
        long end = slice.start() + slice.length();
        for (long at = slice.start(); at < end; at += chunkElements) {
          all.add(new Chunk(at, (int) Math.min(chunkElements, end - at)));
        }
      }
    }
    return all;
  }

  StepKey key() {
    return plan.key();
  }

  ReductionPlan plan() {
    return plan;
  }

  NDArray mean() {
    return mean;
  }

  /** Chunks that a node adds, ascending. */
  List<Chunk> chunksOf(Endpoint owner) {
    return chunks(slice -> slice.owner().equals(owner));
  }

  List<Chunk> own() {
    return own;
  }

  /** Contributions that this node holds, in the order of addition. */
  List<Contribution> held() {
    return plan.contributions().stream().filter(c -> c.holder().equals(self)).toList();
  }

  NDArray gradient(int index) {
    return mine.get(index);
  }

  /** Nodes that are sent the mean. */
  List<Endpoint> others() {
    return Stream.concat(plan.receivers().stream(), plan.followers().stream())
        .filter(node -> !node.equals(self))
        .distinct()
        .toList();
  }

  CompletableFuture<ReductionResult> done() {
    return done;
  }

  void onFailure(Consumer<Reduction> action) {
    onFailure = action;
  }

  synchronized boolean isOver() {
    return over;
  }

  /** Whether somebody may write into its memory now; to be ended by {@link #leave}. */
  synchronized boolean enter() {
    if (over) {
      return false;
    }
    busy++;
    return true;
  }

  synchronized void leave() {
    busy--;
    notifyAll();
  }

  /** Whether the frame is one that is expected here. */
  boolean expects(FrameHeader frame) {
    boolean chunk =
        (frame.type() == FrameHeader.Type.GRADIENT
                ? own
                : chunks(slice -> !slice.owner().equals(self)))
            .contains(new Chunk(frame.offset(), frame.elements()));
    boolean index =
        frame.type() == FrameHeader.Type.MEAN
            || plan.contributions().stream()
                .anyMatch(c -> c.index() == frame.index() && !c.holder().equals(self));
    return chunk && index;
  }

  /** Waits until a chunk is near enough to the first incomplete one; false if it is all over. */
  synchronized boolean awaitWindow(long offset) throws InterruptedException {
    while (!over
        && !incomplete.isEmpty()
        && offset - incomplete.first() > (long) WINDOW * chunkElements) {
      wait(QUIET_MILLIS);
    }
    return !over;
  }

  /** Keeps a contribution that has arrived; the slot is used again when it is added. */
  synchronized void arrived(FrameHeader frame, Staging.Slot slot) {
    arrived.computeIfAbsent(frame.offset(), o -> new HashMap<>()).put(frame.index(), slot);
    received.addAndGet(frame.payloadBytes());
    progressed();
  }

  /** Waits for all contributions to a chunk; null if it is all over. */
  synchronized Map<Integer, Staging.Slot> await(Chunk chunk, int expected)
      throws InterruptedException {
    while (!over && arrived.getOrDefault(chunk.offset(), Map.of()).size() < expected) {
      wait(QUIET_MILLIS);
    }
    return over ? null : arrived.getOrDefault(chunk.offset(), Map.of());
  }

  /** A chunk of an own slice is added up. */
  synchronized List<Staging.Slot> added(Chunk chunk) {
    Map<Integer, Staging.Slot> used = arrived.remove(chunk.offset());
    incomplete.remove(chunk.offset());
    meanArrived(chunk.offset(), 0);
    return used == null ? List.of() : List.copyOf(used.values());
  }

  /** Waits until a chunk of an own slice is added up; false if it is all over. */
  synchronized boolean awaitAdded(Chunk chunk) throws InterruptedException {
    while (!over && incomplete.contains(chunk.offset())) {
      wait(QUIET_MILLIS);
    }
    return !incomplete.contains(chunk.offset());
  }

  /** A chunk of the mean is here. */
  synchronized void meanArrived(long offset, int bytes) {
    received.addAndGet(bytes);
    meanMissing.remove(offset);
    progressed();
    if (meanMissing.isEmpty() && !over && !done.isDone()) {
      done.complete(
          new ReductionResult((nanos.getAsLong() - began) / 1e9, sent.get(), received.get()));
    }
  }

  void sent(int bytes) {
    sent.addAndGet(bytes);
    progressed();
  }

  private synchronized void progressed() {
    progress.incrementAndGet();
    notifyAll();
  }

  /** Grows with everything that happens. */
  long progress() {
    return progress.get();
  }

  /** Ends it, if it is not complete; returns when nobody writes into its memory any more. */
  void fail(String reason) {
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      notifyAll();
    }
    onFailure.accept(this);
    synchronized (this) {
      long deadline = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(1);
      while (busy > 0 && nanos.getAsLong() < deadline) {
        try {
          wait(50);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          break;
        }
      }
    }
    done.completeExceptionally(new DataPlaneException(key() + ": " + reason));
  }
}
