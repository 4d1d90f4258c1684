package io.rglcd.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.CoordinatorMessage.CheckpointFailed;
import io.rglcd.cluster.protocol.CoordinatorMessage.GradientsReady;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleLedger;
import io.rglcd.data.SampleRange;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CoordinatorStateTest {

  private static final WorkerId A = WorkerId.ofDevice(0);
  private static final WorkerId B = WorkerId.ofDevice(1);

  @Property(tries = 300)
  void anyOrderOfAnswersKeepsTheInvariantsAndReachesTheEnd(
      @ForAll @IntRange(min = 1, max = 4) int workers,
      @ForAll @IntRange(min = 1, max = 3) int microBatchSize,
      @ForAll @IntRange(min = 1, max = 5) int microBatches,
      @ForAll @IntRange(min = 20, max = 60) int samples,
      @ForAll long seed) {
    RunLimits limits = new RunLimits(workers, 1, microBatchSize, microBatches, 25, 4, 3, 100);
    SimulatedRun run = new SimulatedRun(limits, samples, 0, seed);
    run.run();
    assertThat(run.failure).isEmpty();
    assertThat(run.completed).isTrue();
    assertThat(run.commits()).isEqualTo(25);
  }

  @Property(tries = 300)
  void failuresAtAnyMomentKeepTheInvariantsAndReachTheEnd(
      @ForAll @IntRange(min = 1, max = 4) int workers,
      @ForAll @IntRange(min = 1, max = 4) int minWorkers,
      @ForAll @IntRange(min = 1, max = 5) int microBatches,
      @ForAll long seed) {
    RunLimits limits =
        new RunLimits(workers, Math.min(minWorkers, workers), 2, microBatches, 12, 4, 3, 10_000);
    SimulatedRun run = new SimulatedRun(limits, 40, 0.05, seed);
    run.run();
    assertThat(run.failure).isEmpty();
    assertThat(run.completed).as("phase %s", run.state().phase()).isTrue();
    assertThat(run.commits()).isEqualTo(12);
  }

  @Test
  void onlyTheRangesOfALostWorkerAreDealtAgain() {
    CoordinatorState state = started(new RunLimits(2, 1, 4, 4, 10, 0, 0, 3));
    Transition lost = state.next(new CoordinatorEvent.Failed(B, "gone"), 1);
    StepPlan plan = plan(lost);
    assertThat(plan.key().attempt().value()).isEqualTo(1);
    assertThat(plan.key().generation().value()).isEqualTo(2);
    assertThat(plan.members()).containsExactly(A);
    assertThat(plan.share(A).microBatches())
        .containsExactly(
            new MicroBatchShare(0, new SampleRange(0, 0, 4)),
            new MicroBatchShare(1, new SampleRange(0, 4, 4)),
            new MicroBatchShare(2, new SampleRange(0, 8, 4)),
            new MicroBatchShare(3, new SampleRange(0, 12, 4)));
    assertThat(lost.state().ledger().leased()).isEqualTo(16);
  }

  @Test
  void planNamesTheNextStepsSamplesAhead() {
    CoordinatorState state =
        CoordinatorState.start(
            new RunLimits(1, 1, 4, 2, 10, 0, 0, 3),
            new Term(1),
            new Generation(0),
            new StepNumber(0),
            SampleLedger.of(10));
    state = state.next(new CoordinatorEvent.FollowerReady(8), 0).state();
    StepPlan plan = plan(state.next(new CoordinatorEvent.Registered(A, 8), 0));
    assertThat(plan.share(A).prefetch()).containsExactly(new SampleRange(0, 8, 2));
  }

  @Test
  void belowMinWorkersTheRunPausesAndKeepsItsLeases() {
    CoordinatorState state = started(new RunLimits(2, 2, 4, 2, 10, 0, 0, 3));
    Transition lost = state.next(new CoordinatorEvent.Failed(B, "gone"), 1);
    assertThat(lost.state().phase()).isEqualTo(Phase.PAUSED);
    assertThat(lost.effects()).noneMatch(Effect.SendPlan.class::isInstance);
    Transition back = lost.state().next(new CoordinatorEvent.Registered(B, 8), 2);
    assertThat(back.state().phase()).isEqualTo(Phase.ADMITTING);
    assertThat(back.effects()).anyMatch(Effect.TakeSnapshot.class::isInstance);
  }

  @Test
  void answersOfAnOlderAttemptChangeNothing() {
    CoordinatorState state = started(new RunLimits(2, 1, 4, 2, 10, 0, 0, 3));
    GradientsReady late =
        new GradientsReady(state.current().orElseThrow().key(), A, List.of(), 0, 0);
    CoordinatorState next = state.next(new CoordinatorEvent.Failed(B, "gone"), 1).state();
    Transition ignored = next.next(new CoordinatorEvent.Gradients(late), 2);
    assertThat(ignored.effects()).isEmpty();
    assertThat(ignored.state().current()).isEqualTo(next.current());
  }

  @Test
  void repeatedFailuresEndTheRunWithTheirReason() {
    CoordinatorState state = started(new RunLimits(2, 1, 4, 2, 10, 0, 0, 0));
    Transition failed = state.next(new CoordinatorEvent.Failed(B, "device lost"), 1);
    assertThat(failed.state().phase()).isEqualTo(Phase.ENDED);
    assertThat(failed.effects())
        .singleElement()
        .satisfies(effect -> assertThat(((Effect.Fail) effect).reason()).contains("device lost"));
  }

  @Test
  void timeoutNamesTheSilentWorkers() {
    CoordinatorState state = started(new RunLimits(2, 1, 4, 2, 10, 0, 0, 3));
    Transition late =
        state.next(new CoordinatorEvent.TimedOut(state.current().orElseThrow().key(), "PT1H"), 1);
    assertThat(late.effects())
        .singleElement()
        .satisfies(
            effect ->
                assertThat(((Effect.Fail) effect).reason())
                    .contains("no answer from [worker-000, worker-001] within PT1H"));
  }

  @Test
  void checkpointThatCannotBeWrittenEndsTheRun() {
    CoordinatorState state = started(new RunLimits(2, 1, 4, 2, 10, 0, 0, 3));
    Transition failed =
        state.next(
            new CoordinatorEvent.CheckpointFailed(
                new CheckpointFailed(new StepNumber(5), "No space left on device")),
            1);
    assertThat(failed.effects())
        .containsExactly(
            new Effect.Fail("checkpoint of step 5 was not written: No space left on device"));
  }

  private static CoordinatorState started(RunLimits limits) {
    CoordinatorState state =
        CoordinatorState.start(
            limits, new Term(1), new Generation(0), new StepNumber(0), SampleLedger.of(100));
    state = state.next(new CoordinatorEvent.Registered(A, 8), 0).state();
    state = state.next(new CoordinatorEvent.FollowerReady(8), 0).state();
    return state.next(new CoordinatorEvent.Registered(B, 8), 0).state();
  }

  private static StepPlan plan(Transition transition) {
    return transition.effects().stream()
        .filter(Effect.SendPlan.class::isInstance)
        .map(effect -> ((Effect.SendPlan) effect).plan())
        .findFirst()
        .orElseThrow();
  }
}
