package io.rglcd.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.protocol.CommitRecord;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.ForwardingReplica;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.MicroBatchLosses;
import io.rglcd.distill.Replica;
import io.rglcd.distill.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises of a run, kept by the real learner with reward on the embedded starter. */
class RealLearnerTest {

  @TempDir static Path cache;
  private static LearnerRuns runs;

  @TempDir Path directory;

  @BeforeAll
  static void open() {
    runs = new LearnerRuns(cache);
  }

  @AfterAll
  static void close() {
    runs.close();
  }

  private static Replica asItIs(WorkerId member, Replica replica) {
    return replica;
  }

  private TrainingResult calm(String name, int workers, int microBatches, long steps) {
    return runs.run(
        workers,
        microBatches,
        steps,
        directory.resolve(name),
        Optional.empty(),
        RealLearnerTest::asItIs);
  }

  private static byte[] state(TrainingResult result) throws IOException {
    return Files.readAllBytes(result.checkpoint().resolve(TrainingState.FILE));
  }

  @Test
  void twoWorkersEqualOneWorkerWithTwoMicroBatchesBitForBit() throws IOException {
    TrainingResult two = calm("two", 2, 2, 4);
    List<CommitRecord> commitsOfTwo = runs.commits();
    TrainingResult one = calm("one", 1, 2, 4);

    assertThat(state(two)).isEqualTo(state(one));
    assertThat(commitsOfTwo)
        .extracting(CommitRecord::ranges)
        .isEqualTo(runs.commits().stream().map(CommitRecord::ranges).toList());
    assertThat(commitsOfTwo)
        .extracting(CommitRecord::gradNorm)
        .isEqualTo(runs.commits().stream().map(CommitRecord::gradNorm).toList());
  }

  @Test
  void stoppedAndResumedEqualsUninterruptedAndSoDoesASecondRunBitForBit() throws IOException {
    TrainingResult first = calm("first", 2, 2, 20);
    TrainingResult second = calm("second", 2, 2, 20);
    TrainingResult stopped =
        runs.run(
            2,
            2,
            20,
            directory.resolve("stopped"),
            Optional.empty(),
            RealLearnerTest::asItIs,
            event -> event instanceof TrainingEvent.StepCommitted c && c.step() == 10);
    TrainingResult resumed =
        runs.run(
            2,
            2,
            20,
            directory.resolve("resumed"),
            Optional.of(stopped.checkpoint()),
            RealLearnerTest::asItIs);

    assertThat(stopped.stopped()).isTrue();
    assertThat(stopped.step()).isBetween(10L, 19L);
    assertThat(state(second)).isEqualTo(state(first));
    assertThat(state(resumed)).isEqualTo(state(first));
    assertThat(resumed.ledger()).isEqualTo(first.ledger());
  }

  @Test
  void aWorkerThatThrowsCostsOneAttemptAndChangesNothing() throws IOException {
    TrainingResult calm = calm("calm", 2, 2, 4);
    AtomicInteger left = new AtomicInteger(1);
    TrainingResult disturbed =
        runs.run(
            2,
            2,
            4,
            directory.resolve("disturbed"),
            Optional.empty(),
            (member, replica) -> new Faulty(replica, left, true));

    assertThat(left).hasValue(0);
    assertThat(runs.events).anyMatch(TrainingEvent.StepAborted.class::isInstance);
    assertThat(state(disturbed)).isEqualTo(state(calm));
    assertThat(disturbed.ledger()).isEqualTo(calm.ledger());
  }

  @Test
  void aLossThatStaysNotANumberSkipsItsSamplesAndIsReported() {
    AtomicInteger left = new AtomicInteger(2);
    TrainingResult result =
        runs.run(
            1,
            1,
            3,
            directory.resolve("nan"),
            Optional.empty(),
            (member, replica) -> new Faulty(replica, left, false));

    assertThat(result.step()).isEqualTo(3);
    assertThat(runs.events)
        .anyMatch(e -> e instanceof TrainingEvent.SamplesSkipped skip && skip.samples() == 2);
    assertThat(runs.commits()).allMatch(record -> Double.isFinite(record.loss()));
  }

  /** Throws, or reports what is not finite, as often as is left. */
  private record Faulty(Replica replica, AtomicInteger left, boolean throwing)
      implements ForwardingReplica {

    @Override
    public MicroBatchLosses gradient(MicroBatch batch, NDArray gradient) {
      MicroBatchLosses losses = replica.gradient(batch, gradient);
      if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
        return losses;
      }
      if (throwing) {
        throw new IllegalStateException("injected");
      }
      return new MicroBatchLosses(losses.samples(), Double.NaN, 0, Double.NaN, false);
    }
  }
}
