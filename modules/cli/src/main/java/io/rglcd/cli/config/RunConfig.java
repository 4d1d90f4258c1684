package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

/**
 * Section {@code training}.
 *
 * @param outputDir where everything goes
 * @param seed of the run
 * @param maxTrainSteps optimiser updates
 * @param workers replicas
 * @param trainBatchSize samples of a micro-batch
 * @param gradientAccumulationSteps micro-batches of a worker in one update
 * @param checkpointingSteps updates between checkpoints
 * @param checkpointsTotalLimit checkpoints kept
 * @param resumeFromCheckpoint latest, none or a directory
 */
public record RunConfig(
    String outputDir,
    long seed,
    int maxTrainSteps,
    int workers,
    int trainBatchSize,
    int gradientAccumulationSteps,
    int checkpointingSteps,
    int checkpointsTotalLimit,
    String resumeFromCheckpoint) {

  /** Checks the values. */
  public RunConfig {
    require(!outputDir.isBlank(), "training.output-dir", "''", "a directory");
    require(maxTrainSteps >= 1, "training.max-train-steps", maxTrainSteps, ">= 1");
    require(workers >= 1, "training.workers", workers, ">= 1");
    require(trainBatchSize >= 1, "training.train-batch-size", trainBatchSize, ">= 1");
    require(
        gradientAccumulationSteps >= 1,
        "training.gradient-accumulation-steps",
        gradientAccumulationSteps,
        ">= 1");
    require(checkpointingSteps >= 1, "training.checkpointing-steps", checkpointingSteps, ">= 1");
    require(
        checkpointsTotalLimit >= 1,
        "training.checkpoints-total-limit",
        checkpointsTotalLimit,
        ">= 1");
    require(
        !resumeFromCheckpoint.isBlank(),
        "training.resume-from-checkpoint",
        "''",
        "latest, none or a directory");
  }

  static RunConfig of(KeyReader keys) {
    return new RunConfig(
        keys.text("training.output-dir"),
        keys.longInteger("training.seed"),
        keys.integer("training.max-train-steps"),
        keys.integer("training.workers"),
        keys.integer("training.train-batch-size"),
        keys.integer("training.gradient-accumulation-steps"),
        keys.integer("training.checkpointing-steps"),
        keys.integer("training.checkpoints-total-limit"),
        keys.text("training.resume-from-checkpoint"));
  }

  /** Samples of one update. */
  public long samplesPerStep() {
    return (long) workers * gradientAccumulationSteps * trainBatchSize;
  }
}
