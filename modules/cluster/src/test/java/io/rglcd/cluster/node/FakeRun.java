package io.rglcd.cluster.node;

import io.rglcd.cluster.FakeReplica;
import io.rglcd.cluster.FakeSource;
import io.rglcd.cluster.FaultyReplica;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.TrainingRun;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.state.Patience;
import io.rglcd.cluster.state.RunLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The run of all tests with several processes, and the same one undisturbed in this process. */
public final class FakeRun {

  /** In one epoch. */
  public static final long SAMPLES = 203;

  private static final Set<Long> UNREADABLE = Set.of(17L, 90L);

  private static final long WAIT_FOR_ONE = 8;
  private static final long WAIT_FOR_SEVERAL = 30;

  /** Steps from one checkpoint to the next. */
  static final long CHECKPOINTS = 10;

  private FakeRun() {}

  /**
   * Settings of the run.
   *
   * @param expected members to wait for
   * @param checkpoints steps from one checkpoint to the next
   */
  static TrainingSettings settings(
      Path output, int expected, long steps, long checkpoints, String seed) {
    Patience patience =
        new Patience(
            Duration.ofSeconds(1),
            Duration.ofSeconds(expected > 1 ? WAIT_FOR_SEVERAL : WAIT_FOR_ONE),
            Duration.ofSeconds(60),
            Duration.ofSeconds(3),
            4);
    RunLimits limits =
        new RunLimits(
            expected, 1, 2, 4, steps, checkpoints, 1, 1000, 2, patience, RunLimits.LOAD_AHEAD);
    return TrainingSettings.of(limits, SAMPLES, output, Map.of("seed", seed));
  }

  static MicroBatchSource source() {
    return range -> CompletableFuture.supplyAsync(() -> FakeSource.load(range, UNREADABLE));
  }

  /** The same samples, told as they are loaded. */
  static MicroBatchSource tellingSource() {
    return range -> {
      System.out.println("loaded " + range.epoch() + " " + range.start());
      return source().load(range);
    };
  }

  /** A learner whose gradients take a while. */
  static ReplicaFactory replicas(long millis) {
    return replicas(millis, () -> false);
  }

  /** The same, whose gradients take no time any more once there is hurry. */
  static ReplicaFactory replicas(long millis, BooleanSupplier hurry) {
    return (member, device) ->
        new FaultyReplica(
            member,
            new FakeReplica(),
            (worker, step, batch, losses) -> {
              if (millis > 0) {
                System.out.println(
                    "computed " + step + " " + batch.epoch() + " " + batch.sampleIds());
              }
              pause(hurry.getAsBoolean() ? 0 : millis);
              return losses;
            });
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run in this process, disturbed by nobody. */
  public static TrainingResult undisturbed(Path output, long steps) {
    return TrainingRun.start(
            settings(output, 1, steps, CHECKPOINTS, "7"), replicas(0), source(), event -> {})
        .result()
        .toCompletableFuture()
        .orTimeout(60, TimeUnit.SECONDS)
        .join();
  }
}
