package io.rglcd.cluster.actor;

import ai.djl.ndarray.NDArray;
import akka.actor.typed.ActorRef;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.LoadedRange;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.state.WorkerEffect;
import io.rglcd.cluster.state.WorkerEvent;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.MicroBatchLosses;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Carries out what a replica's state decides, on the replica's thread. */
final class ReplicaWork implements WorkerEffect.Handler, AutoCloseable {

  private final WorkerId id;
  private final NodeContext node;
  private final MemberReplica member;
  private final ReplicaSnapshots snapshots;
  private final Optional<WorkerSamples> samples;
  private final ActorRef<CheckpointMessage> writer;
  private final GpuWorker actor;
  private final Map<SampleRange, Optional<NDArray>> gradients = new HashMap<>();
  private double loadSeconds;
  private double computeSeconds;
  private long waitingSince;
  private long reducingSince;

  ReplicaWork(
      WorkerId id,
      NodeContext node,
      MemberReplica member,
      Optional<WorkerSamples> samples,
      ActorRef<CheckpointMessage> writer,
      GpuWorker actor) {
    this.id = id;
    this.node = node;
    this.member = member;
    this.snapshots = new ReplicaSnapshots(node.snapshots(), node.scratch().resolve(id.value()));
    this.samples = samples;
    this.writer = writer;
    this.actor = actor;
  }

  /** Computes a micro-batch and holds its gradient, if any of its samples was readable. */
  MicroBatchLosses compute(SampleRange range, LoadedRange ready) {
    long start = node.nanos().getAsLong();
    loadSeconds += (start - waitingSince) / 1e9;
    Optional<NDArray> buffer = ready.batch().map(batch -> member.takeBuffer());
    MicroBatchLosses losses =
        ready
            .batch()
            .map(batch -> member.replica().gradient(batch, buffer.orElseThrow()))
            .orElse(new MicroBatchLosses(0, 0, 0, 0, true));
    gradients.put(range, buffer);
    samples.orElseThrow().forget(range);
    waitingSince = node.nanos().getAsLong();
    computeSeconds += (waitingSince - start) / 1e9;
    return losses;
  }

  @Override
  public void tell(WorkerEffect.Tell effect) {
    actor.tell(effect.message());
  }

  @Override
  public void register(WorkerEffect.Register effect) {
    actor.tell(
        new CoordinatorMessage.Register(
            id,
            actor.self(),
            node.endpoint(),
            samples.isPresent(),
            effect.holding(),
            member.replica().parameterCount(),
            node.replicaIdentity()));
  }

  @Override
  public void work(WorkerEffect.Work effect) {
    samples.orElseThrow().want(effect.share(), gradients.keySet());
    loadSeconds = 0;
    computeSeconds = 0;
    waitingSince = node.nanos().getAsLong();
    actor.advanceLater();
  }

  @Override
  public void deliver(WorkerEffect.Deliver effect) {
    for (MicroBatchResult result : effect.results()) {
      gradients
          .get(result.share().range())
          .ifPresent(
              gradient -> node.allReduce().publish(effect.key(), result.share().index(), gradient));
    }
    actor.tell(
        new CoordinatorMessage.GradientsReady(
            effect.key(), id, effect.results(), loadSeconds, computeSeconds));
  }

  @Override
  public void drop(WorkerEffect.Drop effect) {
    for (SampleRange range : effect.ranges()) {
      gradients.remove(range).ifPresent(member::freeBuffer);
    }
  }

  @Override
  public void beginReduce(WorkerEffect.BeginReduce effect) {
    StepKey key = effect.order().key();
    reducingSince = node.nanos().getAsLong();
    try {
      node.allReduce().reduce(effect.order(), id);
    } catch (IllegalStateException e) {
      actor.decide(new WorkerEvent.ReductionBroke(key, Reasons.of(e)));
      return;
    }
    actor.whenReduced(key);
  }

  @Override
  public void cancelReduce(WorkerEffect.CancelReduce effect) {
    node.allReduce().cancel(effect.key());
  }

  @Override
  public void gather(WorkerEffect.Gather effect) {
    gathered(effect.key(), member::gather)
        .ifPresent(
            mean ->
                actor.tell(
                    new CoordinatorMessage.MeanReady(
                        mean.key(), id, mean.checksum(), node.secondsSince(reducingSince))));
  }

  @Override
  public void keepAside(WorkerEffect.KeepAside effect) {
    gathered(effect.key(), member::keepAside);
  }

  private Optional<Prepared> gathered(StepKey key, Function<StepKey, Prepared> copy) {
    Prepared mean;
    try {
      mean = copy.apply(key);
    } catch (IllegalStateException e) {
      actor.decide(new WorkerEvent.ReductionBroke(key, Reasons.of(e)));
      return Optional.empty();
    }
    actor.decide(new WorkerEvent.Gathered(mean));
    return Optional.of(mean);
  }

  @Override
  public void apply(WorkerEffect.Apply effect) {
    actor.tell(member.apply(effect.commit()));
  }

  @Override
  public void fetch(WorkerEffect.Fetch effect) {
    actor.whenFetched(effect.message().step(), snapshots.fetch(member.replica(), effect.message()));
  }

  /** Whether this is the snapshot that is being fetched, not one before. */
  boolean isFetching(SnapshotIntake intake) {
    return snapshots.isCurrent(intake);
  }

  @Override
  public void restore(WorkerEffect.Restore effect) {
    snapshots.takeOver();
    member.replica().overwritten(effect.step().value());
  }

  @Override
  public void applyKept(WorkerEffect.ApplyKept effect) {
    member.applyKept(effect.mean());
  }

  @Override
  public void useKept(WorkerEffect.UseKept effect) {
    member.useKept(effect.mean());
  }

  @Override
  public void dropKept() {
    member.dropKept();
  }

  @Override
  public void offerSnapshot(WorkerEffect.OfferSnapshot effect) {
    snapshots.offer(member.replica(), effect.step(), effect.keepFrom());
    actor.tell(new CoordinatorMessage.SnapshotOffered(id, effect.step()));
  }

  @Override
  public void saveCheckpoint(WorkerEffect.SaveCheckpoint effect) {
    Path output = node.settings().output();
    try {
      Path directory = CheckpointFiles.newUnfinished(output, effect.step().value());
      member.replica().save(directory);
      actor
          .coordinator()
          .ifPresent(
              coordinator ->
                  writer.tell(
                      new CheckpointMessage.Publish(
                          effect.step(), directory.toString(), effect.runJson(), coordinator)));
    } catch (RuntimeException e) {
      actor.tell(new CoordinatorMessage.CheckpointFailed(effect.step(), Reasons.of(e)));
    }
  }

  @Override
  public void close() {
    snapshots.close();
    member.close();
  }
}
