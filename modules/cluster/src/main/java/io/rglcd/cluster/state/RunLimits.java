package io.rglcd.cluster.state;

import java.time.Duration;

/**
 * The numbers that decide how a run goes.
 *
 * @param workers members to wait for before the first step
 * @param minWorkers members without which no step is planned
 * @param microBatchSize samples of a micro-batch
 * @param microBatchesPerStep micro-batches of a step; with their size the global batch
 * @param steps number of updates after which the run ends
 * @param checkpointEvery steps between checkpoints; 0 for one at the end only
 * @param digestEvery steps between comparisons of all replicas' digests; 0 for never
 * @param maxFailures failures without a commit in between before the run gives up
 * @param snapshotDonors replicas that offer a snapshot at the same time
 * @param patience how long to wait for what
 * @param loadAhead samples of so much time are loaded before they are needed, those of one step at
 *     least and of {@link #MOST_STEPS_AHEAD} at most
 */
public record RunLimits(
    int workers,
    int minWorkers,
    int microBatchSize,
    int microBatchesPerStep,
    long steps,
    long checkpointEvery,
    long digestEvery,
    int maxFailures,
    int snapshotDonors,
    Patience patience,
    Duration loadAhead) {

  /** Steps whose samples are loaded ahead at most, however short they are. */
  public static final int MOST_STEPS_AHEAD = 8;

  /** Default of {@link #loadAhead}. */
  public static final Duration LOAD_AHEAD = Duration.ofSeconds(3);

  /** One snapshot donor and the usual patience. */
  public RunLimits(
      int workers,
      int minWorkers,
      int microBatchSize,
      int microBatchesPerStep,
      long steps,
      long checkpointEvery,
      long digestEvery,
      int maxFailures) {
    this(
        workers,
        minWorkers,
        microBatchSize,
        microBatchesPerStep,
        steps,
        checkpointEvery,
        digestEvery,
        maxFailures,
        1,
        Patience.DEFAULT,
        LOAD_AHEAD);
  }

  /** Checks the bounds. */
  public RunLimits {
    require("workers", workers, 1);
    require("minWorkers", minWorkers, 1);
    require("microBatchSize", microBatchSize, 1);
    require("microBatchesPerStep", microBatchesPerStep, 1);
    require("steps", steps, 1);
    require("checkpointEvery", checkpointEvery, 0);
    require("digestEvery", digestEvery, 0);
    require("maxFailures", maxFailures, 0);
    require("snapshotDonors", snapshotDonors, 1);
    require("loadAhead", loadAhead.toMillis(), 0);
    if (minWorkers > workers) {
      throw new IllegalArgumentException(
          "minWorkers: " + minWorkers + " (expected: at most workers, " + workers + ")");
    }
  }

  /** The same with other waiting times. */
  public RunLimits with(Patience other) {
    return new RunLimits(
        workers,
        minWorkers,
        microBatchSize,
        microBatchesPerStep,
        steps,
        checkpointEvery,
        digestEvery,
        maxFailures,
        snapshotDonors,
        other,
        loadAhead);
  }

  /** The same with samples loaded earlier or later. */
  public RunLimits with(Duration ahead) {
    return new RunLimits(
        workers,
        minWorkers,
        microBatchSize,
        microBatchesPerStep,
        steps,
        checkpointEvery,
        digestEvery,
        maxFailures,
        snapshotDonors,
        patience,
        ahead);
  }

  /** Ranges that a node may want at a time: twice this step's and those ahead, for retries. */
  public int rangesWaiting(int workersHere) {
    return 2 * (1 + MOST_STEPS_AHEAD) * (microBatchesPerStep + workersHere);
  }

  /** Samples of a step. */
  public int globalBatch() {
    return Math.multiplyExact(microBatchSize, microBatchesPerStep);
  }

  boolean checkpointAt(long step) {
    return checkpointEvery > 0 && step % checkpointEvery == 0;
  }

  boolean digestAt(long step) {
    return digestEvery > 0 && step % digestEvery == 0;
  }

  private static void require(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}
