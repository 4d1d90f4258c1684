package io.rglcd.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.CoordinatorMessage.Applied;
import io.rglcd.cluster.protocol.CoordinatorMessage.CheckpointWritten;
import io.rglcd.cluster.protocol.CoordinatorMessage.GradientsReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.Restored;
import io.rglcd.cluster.protocol.CoordinatorMessage.SnapshotTaken;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleLedger;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatchLosses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Members that answer the coordinator in any order, late, twice, with failures in between; after
 * each event the invariants are checked.
 */
final class SimulatedRun implements Effect.Handler {

  static final long PARAMETERS = 10;

  private final Random random;
  private final RunLimits limits;
  private final double failureRate;
  private final List<CoordinatorEvent> waiting = new ArrayList<>();
  private final Map<Long, StepKey> commits = new HashMap<>();
  private final Set<String> settled = new HashSet<>();
  private final Map<StepKey, StepPlan> plans = new HashMap<>();
  private CoordinatorState state;
  private StepKey newest;
  boolean completed;
  String failure = "";

  SimulatedRun(RunLimits limits, long samples, double failureRate, long seed) {
    this.random = new Random(seed);
    this.limits = limits;
    this.failureRate = failureRate;
    this.state =
        CoordinatorState.start(
            limits, new Term(1), new Generation(0), new StepNumber(0), SampleLedger.of(samples));
    waiting.add(new CoordinatorEvent.FollowerReady(PARAMETERS));
    for (int i = 0; i < limits.workers(); i++) {
      waiting.add(new CoordinatorEvent.Registered(WorkerId.ofDevice(i), PARAMETERS));
    }
  }

  CoordinatorState state() {
    return state;
  }

  /** Delivers what waits, in random order, some of it twice, until nothing waits. */
  void run() {
    for (int events = 0; !waiting.isEmpty() && failure.isEmpty(); events++) {
      assertThat(events).as("events until the end").isLessThan(20_000);
      CoordinatorEvent event = waiting.remove(random.nextInt(waiting.size()));
      if (state.phase() != Phase.STARTING && random.nextDouble() < 0.05) {
        waiting.add(event);
      }
      deliver(event);
      if (state.phase() != Phase.STARTING && random.nextDouble() < failureRate) {
        WorkerId victim = WorkerId.ofDevice(random.nextInt(limits.workers()));
        deliver(new CoordinatorEvent.Failed(victim, "injected"));
        waiting.add(new CoordinatorEvent.Registered(victim, PARAMETERS));
      }
    }
  }

  private void deliver(CoordinatorEvent event) {
    CoordinatorState before = state;
    Transition transition = state.next(event, before.now() + 1);
    state = transition.state();
    checkInvariants(before, transition);
    transition.effects().forEach(effect -> effect.accept(this));
  }

  private void checkInvariants(CoordinatorState before, Transition transition) {
    SampleLedger ledger = state.ledger();
    assertThat(state.term().value()).as("MonotonicTerm").isGreaterThanOrEqualTo(1);
    assertThat(state.generation().value())
        .as("generations only grow")
        .isGreaterThanOrEqualTo(before.generation().value());
    assertThat(state.step().value() - before.step().value()).as("one step").isBetween(0L, 1L);
    assertThat(ledger.pending() + ledger.leased() + ledger.settledInEpoch().total())
        .as("LedgerConserved")
        .isEqualTo(ledger.total());
    boolean inStep = state.current().isPresent();
    if (!inStep) {
      assertThat(ledger.leased()).as("no lease outside a step").isZero();
    } else if (state.phase() == Phase.COMPUTING || state.phase() == Phase.REDUCING) {
      assertThat(state.members()).hasSizeGreaterThanOrEqualTo(limits.minWorkers());
    }
    if (state.step().value() > before.step().value()) {
      assertThat(before.members())
          .as("NoCommitBelowMinWorkers")
          .hasSizeGreaterThanOrEqualTo(limits.minWorkers());
      for (SampleRange range : before.current().orElseThrow().deal().ranges()) {
        for (long at = range.start(); at < range.end(); at++) {
          assertThat(settled.add(range.epoch() + "/" + at))
              .as("CommittedRangesDisjoint: %s at %s", range, at)
              .isTrue();
        }
      }
    }
    assertThat(transition.effects().stream().filter(Effect.SendCommit.class::isInstance))
        .hasSize((int) (state.step().value() - before.step().value()));
  }

  @Override
  public void sendPlan(Effect.SendPlan effect) {
    StepPlan plan = effect.plan();
    if (newest != null) {
      assertThat(newest.isOlderThan(plan.key())).as("attempts only grow").isTrue();
    }
    newest = plan.key();
    plans.put(plan.key(), plan);
    assertThat(plan.slices().stream().mapToLong(s -> s.length()).sum()).isEqualTo(PARAMETERS);
    List<Integer> indices =
        plan.shares().stream()
            .flatMap(s -> s.microBatches().stream())
            .map(s -> s.index())
            .sorted()
            .toList();
    for (int i = 0; i < indices.size(); i++) {
      assertThat(indices.get(i)).isEqualTo(i);
    }
    for (WorkerShare share : plan.shares()) {
      List<MicroBatchResult> results = share.microBatches().stream().map(m -> result(m)).toList();
      waiting.add(
          new CoordinatorEvent.Gradients(
              new GradientsReady(plan.key(), share.worker(), results, 0.1, 0.2)));
    }
  }

  /**
   * Samples at positions of 13 modulo 16 give no finite loss, those of 5 modulo 16 are unreadable.
   */
  private static MicroBatchResult result(io.rglcd.cluster.protocol.MicroBatchShare share) {
    List<UnreadableSample> unreadable = new ArrayList<>();
    boolean finite = true;
    for (long at = share.range().start(); at < share.range().end(); at++) {
      finite &= at % 16 != 13;
      if (at % 16 == 5) {
        unreadable.add(new UnreadableSample(at, "corrupt"));
      }
    }
    int samples = share.range().count() - unreadable.size();
    return new MicroBatchResult(
        share, new MicroBatchLosses(samples, 1, 0, 1, finite || samples == 0), unreadable);
  }

  @Override
  public void sendReduce(Effect.SendReduce effect) {
    for (WorkerId member : effect.members()) {
      waiting.add(mean(effect.reduce().key(), member));
    }
    waiting.add(mean(effect.reduce().key(), WorkerId.FOLLOWER));
  }

  private static CoordinatorEvent mean(StepKey key, WorkerId member) {
    return new CoordinatorEvent.Mean(new MeanReady(key, member, key.hashCode(), 0.1));
  }

  @Override
  public void sendCommit(Effect.SendCommit effect) {
    StepKey key = effect.commit().key();
    assertThat(commits.put(key.step().value(), key)).as("OneCommitPerStep").isNull();
    assertThat(plans).containsKey(key);
    CommitResult result = new CommitResult(key.step().value(), 1, 0.1);
    deliverLater(new Applied(WorkerId.FOLLOWER, result, "d" + key.step(), 0.1));
    for (WorkerId member : effect.members()) {
      deliverLater(new Applied(member, result, "d" + key.step(), 0.1));
    }
  }

  private void deliverLater(Applied applied) {
    waiting.add(new CoordinatorEvent.CommitApplied(applied));
  }

  @Override
  public void sendAbort(Effect.SendAbort effect) {
    assertThat(commits).doesNotContainValue(effect.abort().key());
  }

  @Override
  public void takeSnapshot(Effect.TakeSnapshot effect) {
    waiting.add(new CoordinatorEvent.SnapshotTaken(new SnapshotTaken(effect.step(), "snapshot")));
  }

  @Override
  public void restoreWorker(Effect.RestoreWorker effect) {
    waiting.add(new CoordinatorEvent.Restored(new Restored(effect.worker(), effect.step())));
  }

  @Override
  public void saveCheckpoint(Effect.SaveCheckpoint effect) {
    assertThat(effect.ledger().lastStep()).isEqualTo(effect.step().value());
    assertThat(effect.ledger().leased()).isZero();
    waiting.add(
        new CoordinatorEvent.CheckpointWritten(
            new CheckpointWritten(effect.step(), "checkpoint-" + effect.step())));
  }

  @Override
  public void report(Effect.Report effect) {}

  @Override
  public void complete(Effect.Complete effect) {
    assertThat(completed).as("ends once").isFalse();
    completed = true;
  }

  @Override
  public void fail(Effect.Fail effect) {
    failure = effect.reason();
  }

  long commits() {
    return commits.size();
  }
}
