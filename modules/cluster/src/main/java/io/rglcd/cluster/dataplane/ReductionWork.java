package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.StepKey;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a node does in a reduction: one thread a node sends; what arrives is added by whoever brings
 * the last part of a chunk.
 */
final class ReductionWork implements StartedReduction {

  private static final long QUIET_MILLIS = 1000;

  private final Reduction reduction;
  private final ReductionPlan plan;
  private final Endpoint self;
  private final Chunks chunks;
  private final AdditionOrder order;
  private final List<AdditionOrder.Step> steps;
  private final boolean holdsAny;
  private final Sums sums;
  private final Staging staging;
  private final Addition addition;
  private final KeptFrames kept;
  private final List<Sender> senders = new ArrayList<>();
  private final Closeable adding = () -> {};
  private long ready;

  ReductionWork(
      Reduction reduction,
      Endpoint self,
      DataPlaneOptions options,
      Staging staging,
      Addition addition,
      Function<Endpoint, PeerConnection> connections) {
    this.reduction = reduction;
    this.plan = reduction.plan();
    this.self = self;
    this.staging = staging;
    this.addition = addition;
    this.chunks = new Chunks(plan.slices(), options.chunkElements());
    this.order = new AdditionOrder(plan.contributions(), options.wire() == Wire.FP32);
    this.steps = order.stepsAt(self);
    this.holdsAny = !order.partsOf(self).isEmpty();
    int others = order.parts().size() - order.partsOf(self).size();
    int arrivals = others + (holdsAny ? 1 : 0);
    this.sums = new Sums(chunks.of(self), options.chunkElements(), arrivals);
    for (Endpoint node : others()) {
      List<Chunk> theirs = chunks.of(node);
      senders.add(new Sender(reduction, connections.apply(node), addition, order, theirs));
    }
    this.kept = new KeptFrames(addition, senders.size());
    reduction.needs(chunks, (int) senders.stream().filter(this::isNeeded).count());
  }

  private List<Endpoint> others() {
    return Stream.concat(plan.receivers().stream(), plan.followers().stream())
        .filter(node -> !node.equals(self))
        .distinct()
        .toList();
  }

  StepKey key() {
    return plan.key();
  }

  Reduction reduction() {
    return reduction;
  }

  /** Starts all that there is to do, each on a thread of the executor. */
  void start(ExecutorService executor) {
    for (Sender sender : senders) {
      executor.execute(() -> send(sender, isNeeded(sender)));
    }
    if (!chunks.of(self).isEmpty() && holdsAny) {
      executor.execute(this::countHeld);
    }
  }

  private boolean isNeeded(Sender sender) {
    return plan.receivers().contains(sender.connection().peer());
  }

  private void send(Sender sender, boolean needed) {
    PeerConnection to = sender.connection();
    if (!reduction.enter(to)) {
      return;
    }
    String failure = "";
    boolean served = false;
    try {
      served = sender.run(chunks.of(self).size());
    } catch (IOException e) {
      failure = "sending to " + to.peer() + " failed: " + PeerConnection.reason(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = "interrupted";
    } catch (RuntimeException e) {
      failure = reason(e);
    } finally {
      reduction.leave(to);
    }
    if (needed && served) {
      reduction.served();
    } else if (needed && !failure.isEmpty()) {
      fail(failure);
    }
  }

  /** The own gradients of each own chunk, as soon as they are ready. */
  private void countHeld() {
    if (!reduction.enter(adding)) {
      return;
    }
    String failure = "";
    try {
      for (Chunk chunk : chunks.of(self)) {
        if (!awaitReady(chunk)) {
          break;
        }
        if (sums.counted(chunk)) {
          add(chunk);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = "interrupted";
    } catch (RuntimeException e) {
      failure = reason(e);
    } finally {
      reduction.leave(adding);
    }
    if (!failure.isEmpty()) {
      fail(failure);
    }
  }

  static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private synchronized boolean awaitReady(Chunk chunk) throws InterruptedException {
    while (ready < chunk.end() && !reduction.isOver()) {
      wait(QUIET_MILLIS);
    }
    return !reduction.isOver();
  }

  @Override
  public void ready(long elements) {
    synchronized (this) {
      ready = elements;
      notifyAll();
    }
    reduction.progressed();
    senders.forEach(sender -> sender.ready(elements));
  }

  @Override
  public CompletionStage<ReductionResult> result() {
    return reduction.done();
  }

  /** The chunk that a frame brings, if it is one that is expected here; else null. */
  Chunk expected(FrameHeader frame) {
    return chunks
        .of(frame)
        .filter(
            chunk ->
                frame.type() == FrameHeader.Type.GRADIENT
                    ? chunk.owner().equals(self) && isGivenByOthers(frame.index(), chunk)
                    : !chunk.owner().equals(self) && reduction.isMissing(chunk))
        .orElse(null);
  }

  private boolean isGivenByOthers(int index, Chunk chunk) {
    return sums.expects(chunk, index)
        && order.parts().stream()
            .anyMatch(part -> part.index() == index && !part.holder().equals(self));
  }

  /** Waits while a sender is too far ahead; false if it is all over. */
  boolean awaitWindow(Chunk chunk) throws InterruptedException {
    return sums.awaitWindow(chunk);
  }

  /** Keeps a part of a gradient; adds the chunk if it was the last. */
  void arrived(Chunk chunk, int index, Room frame) {
    if (sums.arrived(chunk, index, frame)) {
      add(chunk);
    }
  }

  private void add(Chunk chunk) {
    Map<Integer, Room> parts = sums.take(chunk);
    Addition.Frame frame = addition.mean(reduction, steps, chunk, parts);
    parts.values().forEach(staging::give);
    sums.added(chunk);
    Optional<KeptFrames.Frame> packed =
        frame.room().isPresent() ? kept.keep(frame) : Optional.empty();
    senders.forEach(sender -> sender.mean(chunk, frame.crc(), packed));
    reduction.meanIsHere(chunk);
  }

  /** Ends it; returns when nobody uses its vectors any more. Without effect on a result. */
  void fail(String reason) {
    if (!reduction.end()) {
      return;
    }
    sums.end();
    senders.forEach(Sender::wake);
    synchronized (this) {
      notifyAll();
    }
    breakOff();
    reduction.awaitLeft();
    sums.unused().forEach(staging::give);
    kept.end();
    reduction.done().completeExceptionally(new DataPlaneException(key() + ": " + reason));
  }

  /** Of a complete reduction only what is still on its way to followers. */
  private void breakOff() {
    boolean complete = reduction.done().isDone();
    Set<Closeable> users = reduction.users();
    for (Sender sender : senders) {
      if (!complete || users.contains(sender.connection())) {
        sender.connection().close();
      }
    }
    if (!complete) {
      users.forEach(PeerConnection::closeNow);
    }
  }
}
