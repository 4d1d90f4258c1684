package io.rglcd.cluster;

import static io.rglcd.cluster.Run.limits;
import static io.rglcd.cluster.Run.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.cluster.TrainingEvent.SamplesSkipped;
import io.rglcd.cluster.TrainingEvent.StepAborted;
import io.rglcd.cluster.TrainingEvent.StepCommitted;
import io.rglcd.cluster.TrainingEvent.WorkerJoined;
import io.rglcd.cluster.TrainingEvent.WorkerLost;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.data.SampleRange;
import io.rglcd.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {

  @TempDir Path folder;

  @BeforeAll
  static void startEngine() {
    Torch.setIntraOpThreads(1);
  }

  @Test
  void sameSeedTwiceGivesIdenticalHistory() throws Exception {
    Run one = new Run();
    Run two = new Run();
    TrainingResult first = one.finish(settings(limits(2, 20), folder.resolve("a")));
    TrainingResult second = two.finish(settings(limits(2, 20), folder.resolve("b")));
    assertThat(first.step()).isEqualTo(20);
    assertThat(one.digests()).hasSize(20).doesNotHaveDuplicates();
    assertThat(two.digests()).isEqualTo(one.digests());
    assertThat(two.committedRanges()).isEqualTo(one.committedRanges());
    assertThat(second.ledger()).isEqualTo(first.ledger());
  }

  @Test
  void numberOfWorkersDoesNotChangeTheWeights() throws Exception {
    Run one = new Run();
    Run two = new Run();
    Run three = new Run();
    one.finish(settings(limits(1, 12), folder.resolve("a")));
    two.finish(settings(limits(2, 12), folder.resolve("b")));
    three.finish(settings(limits(3, 12), folder.resolve("c")));
    assertThat(two.digests()).isEqualTo(one.digests());
    assertThat(three.digests()).isEqualTo(one.digests());
    assertThat(two.committedRanges()).isEqualTo(one.committedRanges());
  }

  @Test
  void epochEndsWithASmallerBatchAndEverySampleIsUsedOnce() throws Exception {
    Run run = new Run();
    TrainingResult result = run.finish(settings(limits(2, 7), folder));
    List<StepCommitted> steps = run.all(StepCommitted.class);
    assertThat(steps.get(5).record().samples()).isEqualTo(3);
    assertThat(steps.get(6).record().ranges().get(0).epoch()).isEqualTo(1);
    assertThat(run.committedRanges().stream().limit(6).flatMap(List::stream))
        .allMatch(range -> range.epoch() == 0)
        .flatExtracting(
            range -> Stream.iterate(range.start(), i -> i + 1).limit(range.count()).toList())
        .hasSize((int) Run.SAMPLES)
        .doesNotHaveDuplicates();
    assertThat(result.ledger().settled().committed()).isEqualTo(Run.SAMPLES + 4);
  }

  @Test
  void resumedRunEqualsAnUninterruptedOne() throws Exception {
    Run whole = new Run();
    TrainingResult expected = whole.finish(settings(limits(2, 20), folder.resolve("whole")));
    Path output = folder.resolve("parts");
    Run begin =
        new Run()
            .on(
                (run, event) -> {
                  if (event instanceof StepCommitted commit && commit.step() == 9) {
                    run.stop();
                  }
                });
    TrainingResult stopped = begin.finish(settings(limits(2, 20), output));
    assertThat(stopped.stopped()).isTrue();
    assertThat(stopped.step()).isBetween(9L, 12L);
    assertThat(CheckpointFiles.newest(output)).contains(stopped.checkpoint());
    Run rest = new Run();
    TrainingResult resumed =
        rest.finish(settings(limits(2, 20), output).resumedFrom(stopped.checkpoint()));
    assertThat(resumed.step()).isEqualTo(20);
    assertThat(Stream.concat(begin.digests().stream(), rest.digests().stream()))
        .containsExactlyElementsOf(whole.digests());
    assertThat(resumed.ledger()).isEqualTo(expected.ledger());
    assertThat(Files.readAllBytes(resumed.checkpoint().resolve("state")))
        .isEqualTo(Files.readAllBytes(expected.checkpoint().resolve("state")));
    try (Stream<Path> files = Files.list(output)) {
      assertThat(files).noneMatch(path -> path.toString().endsWith(".tmp"));
    }
  }

  @Test
  void otherBatchesWorkersAndLoadersAtEveryResumeStillUseEverySampleOnce() throws Exception {
    List<RunLimits> parts =
        List.of(
            new RunLimits(2, 1, 2, 2, 2, 0, 1, 3),
            new RunLimits(1, 1, 3, 1, 4, 0, 1, 3),
            new RunLimits(3, 1, 1, 5, 5, 0, 1, 3),
            new RunLimits(2, 1, 2, 2, 6, 0, 1, 3));
    List<SampleRange> committed = new ArrayList<>();
    TrainingResult reached = null;
    for (RunLimits limits : parts) {
      Run part = new Run();
      TrainingSettings settings = settings(limits, folder).withLoadParallelism(limits.workers());
      reached =
          part.finish(reached == null ? settings : settings.resumedFrom(reached.checkpoint()));
      part.committedRanges().forEach(committed::addAll);
    }
    assertThat(reached.step()).isEqualTo(6);
    assertThat(committed).allMatch(range -> range.epoch() == 0);
    assertThat(committed.stream().flatMap(r -> LongStream.range(r.start(), r.end()).boxed()))
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, Run.SAMPLES).boxed().toList());
    assertThat(reached.ledger().isEpochComplete()).isTrue();
  }

  @Test
  void workerThatThrowsIsStartedAgainAndNothingIsCountedTwice() throws Exception {
    Run calm = new Run();
    TrainingResult expected = calm.finish(settings(limits(2, 12), folder.resolve("calm")));
    AtomicBoolean thrown = new AtomicBoolean();
    Map<String, Integer> computed = new ConcurrentHashMap<>();
    CountDownLatch back = new CountDownLatch(1);
    Run run =
        new Run()
            .on(
                (training, event) -> {
                  if (event instanceof WorkerJoined) {
                    back.countDown();
                  }
                })
            .fault(
                (member, step, batch, losses) -> {
                  if (step == 4 && member.equals(WorkerId.ofDevice(1)) && !thrown.getAndSet(true)) {
                    throw new IllegalStateException("injected");
                  }
                  if (step == 8) {
                    assertThat(await(back)).as("the worker is back").isTrue();
                  }
                  computed.merge(step + " " + batch.sampleIds(), 1, Integer::sum);
                  return losses;
                });
    TrainingResult result = run.finish(settings(limits(2, 12), folder.resolve("faulty")));
    assertThat(run.all(StepAborted.class))
        .singleElement()
        .satisfies(e -> assertThat(e.reason()).contains("worker-001", "injected"));
    assertThat(run.all(WorkerLost.class)).hasSize(1);
    assertThat(run.all(WorkerJoined.class)).hasSize(1);
    assertThat(run.digests()).isEqualTo(calm.digests());
    assertThat(run.committedRanges()).isEqualTo(calm.committedRanges());
    assertThat(result.ledger()).isEqualTo(expected.ledger());
    assertThat(computed.values()).as("survivors keep their gradients").containsOnly(1);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Test
  void onlyWorkerThatThrowsIsRestoredWhileTheRunPauses() throws Exception {
    Run calm = new Run();
    calm.finish(settings(limits(1, 8), folder.resolve("calm")));
    AtomicBoolean thrown = new AtomicBoolean();
    Run run =
        new Run()
            .fault(
                (member, step, batch, losses) -> {
                  if (step == 3 && !thrown.getAndSet(true)) {
                    throw new IllegalStateException("injected");
                  }
                  return losses;
                });
    run.finish(settings(limits(1, 8), folder.resolve("faulty")));
    assertThat(run.all(TrainingEvent.Paused.class)).isNotEmpty();
    assertThat(run.digests()).isEqualTo(calm.digests());
  }

  @Test
  void lossThatIsNotANumberTwiceSkipsTheSamplesOnEveryReplica() throws Exception {
    Run run =
        new Run()
            .fault(
                (member, step, batch, losses) ->
                    batch.epoch() == 0 && batch.sampleIds().contains(6L)
                        ? FaultyReplica.notANumber(losses)
                        : losses);
    TrainingResult result = run.finish(settings(limits(2, 6), folder));
    assertThat(run.all(StepAborted.class)).hasSize(2);
    assertThat(run.all(SamplesSkipped.class))
        .containsExactly(
            new SamplesSkipped(2, List.of(new SampleRange(0, 6, 2)), "non-finite loss"));
    assertThat(run.committedRanges().get(1))
        .containsExactly(new SampleRange(0, 4, 2), new SampleRange(0, 8, 2));
    assertThat(result.ledger().settled().skipped()).containsEntry("non-finite loss", 2L);
    assertThat(run.digests()).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void lossThatIsNotANumberOnceIsComputedAgain() throws Exception {
    Run calm = new Run();
    calm.finish(settings(limits(2, 4), folder.resolve("calm")));
    AtomicBoolean given = new AtomicBoolean();
    Run run =
        new Run()
            .fault(
                (member, step, batch, losses) ->
                    step == 2 && batch.sampleIds().contains(6L) && !given.getAndSet(true)
                        ? FaultyReplica.notANumber(losses)
                        : losses);
    run.finish(settings(limits(2, 4), folder.resolve("faulty")));
    assertThat(run.all(StepAborted.class)).hasSize(1);
    assertThat(run.all(SamplesSkipped.class)).isEmpty();
    assertThat(run.digests()).isEqualTo(calm.digests());
  }

  @Test
  void unreadableSamplesAreSkippedWithTheirReason() throws Exception {
    Run run = new Run().unreadable(1L, 4L, 5L, 6L, 7L);
    TrainingResult result = run.finish(settings(limits(2, 4), folder));
    assertThat(result.ledger().settled().skipped()).containsEntry("picture corrupt", 5L);
    assertThat(run.all(StepCommitted.class).get(0).record().samples()).isEqualTo(3);
    assertThat(run.committedRanges().get(1)).startsWith(new SampleRange(0, 8, 2));
  }

  @Test
  void aRunThatCanUseNearlyNoSampleEndsWithTheReasonsCounted() {
    Run run = new Run().unreadable(LongStream.range(10, 4000).boxed().toArray(Long[]::new));
    TrainingSettings many =
        TrainingSettings.of(
            new RunLimits(2, 1, 50, 2, 30, 0, 0, 3), 4000, folder, Map.of("seed", "7"));
    assertThatThrownBy(() -> run.finish(many))
        .hasCauseInstanceOf(TrainingException.class)
        .hasMessageContaining("990 of 1000 samples were not used: 990 x picture corrupt");
  }

  @Test
  void theEndOfAnEpochTellsWhatBecameOfItsSamples() throws Exception {
    Run run = new Run().unreadable(1L, 4L);
    run.finish(settings(limits(2, 2 * Run.SAMPLES / 4 + 1), folder));
    assertThat(run.all(TrainingEvent.EpochCompleted.class)).hasSize(2);
    TrainingEvent.EpochCompleted first = run.all(TrainingEvent.EpochCompleted.class).get(0);
    assertThat(first.epoch()).isZero();
    assertThat(first.samples().committed()).isEqualTo(Run.SAMPLES - 2);
    assertThat(first.samples().skipped()).isEqualTo(Map.of("picture corrupt", 2L));
    assertThat(run.all(SamplesSkipped.class))
        .filteredOn(skip -> skip.ranges().get(0).epoch() == 0)
        .flatExtracting(SamplesSkipped::ranges)
        .containsExactlyInAnyOrder(new SampleRange(0, 1, 1), new SampleRange(0, 4, 1));
  }

  @Test
  void quickStepsHaveTheSamplesOfSeveralLoadedAheadAndSlowOnesThoseOfOne() throws Exception {
    Run quick = new Run();
    quick.finish(settings(limits(1, 30).with(Duration.ofHours(1)), folder.resolve("quick")));
    Run slow = new Run();
    slow.finish(settings(limits(1, 30).with(Duration.ZERO), folder.resolve("slow")));
    assertThat(mostStepsAhead(quick)).isGreaterThanOrEqualTo(5);
    assertThat(mostStepsAhead(slow)).isLessThanOrEqualTo(2);
    assertThat(quick.digests()).isEqualTo(slow.digests());
  }

  /** Which step was the one with most is a matter of chance: asking and committing are a race. */
  private static long mostStepsAhead(Run run) {
    return IntStream.range(0, run.askedByStep.size())
        .mapToLong(step -> run.askedByStep.get(step) / 4 - (step + 1))
        .max()
        .orElseThrow();
  }

  @Test
  void alwaysFailingWorkerEndsTheRunWithItsReason() {
    Run run =
        new Run()
            .fault(
                (member, step, batch, losses) -> {
                  throw new IllegalStateException("device lost");
                });
    assertThatThrownBy(() -> run.finish(settings(limits(2, 4), folder)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TrainingException.class)
        .hasMessageContaining("device lost");
  }

  @Test
  void checkpointOfAnotherRunIsRefusedNamingTheDifference() throws Exception {
    TrainingResult done = new Run().finish(settings(limits(1, 2), folder));
    TrainingSettings other =
        TrainingSettings.of(limits(1, 4), Run.SAMPLES, folder, Map.of("seed", "8"))
            .resumedFrom(done.checkpoint());
    assertThatThrownBy(() -> new Run().finish(other))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("seed is 7 (expected: 8)");
    assertThatThrownBy(() -> new Run().finish(settings(limits(1, 4), folder).resumedFrom(folder)))
        .hasMessageContaining("has no file run.json");
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new RunLimits(0, 1, 1, 1, 1, 0, 0, 3))
        .hasMessage("workers: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new RunLimits(1, 2, 1, 1, 1, 0, 0, 3))
        .hasMessage("minWorkers: 2 (expected: at most workers, 1)");
    assertThatThrownBy(() -> new RunLimits(1, 1, 1, 1, 0, 0, 0, 3))
        .hasMessage("steps: 0 (expected: >= 1)");
  }
}
