package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import io.rglcd.distill.VaeBatches;

/**
 * Section {@code training}.
 *
 * @param outputDir where everything goes
 * @param seed of the run
 * @param numTrainEpochs passes over the samples, where maxTrainSteps is 0
 * @param maxTrainSteps optimiser updates; 0 for as many as the epochs take
 * @param workers replicas
 * @param trainBatchSize samples of a micro-batch
 * @param gradientAccumulationSteps micro-batches of a worker in one update
 * @param vaeEncodeBatchSize pictures encoded at a time
 * @param vaeDecodeBatchSize latents decoded at a time
 * @param checkpointingSteps updates between checkpoints
 * @param checkpointsTotalLimit checkpoints kept
 * @param resumeFromCheckpoint latest, none or a directory
 */
public record RunConfig(
    String outputDir,
    long seed,
    int numTrainEpochs,
    int maxTrainSteps,
    int workers,
    int trainBatchSize,
    int gradientAccumulationSteps,
    int vaeEncodeBatchSize,
    int vaeDecodeBatchSize,
    int checkpointingSteps,
    int checkpointsTotalLimit,
    String resumeFromCheckpoint) {

  /** Checks the values. */
  public RunConfig {
    require(!outputDir.isBlank(), "training.output-dir", "''", "a directory");
    require(numTrainEpochs >= 1, "training.num-train-epochs", numTrainEpochs, ">= 1");
    require(maxTrainSteps >= 0, "training.max-train-steps", maxTrainSteps, ">= 0");
    require(workers >= 1, "training.workers", workers, ">= 1");
    require(trainBatchSize >= 1, "training.train-batch-size", trainBatchSize, ">= 1");
    require(
        gradientAccumulationSteps >= 1,
        "training.gradient-accumulation-steps",
        gradientAccumulationSteps,
        ">= 1");
    require(vaeEncodeBatchSize >= 1, "training.vae-encode-batch-size", vaeEncodeBatchSize, ">= 1");
    require(vaeDecodeBatchSize >= 1, "training.vae-decode-batch-size", vaeDecodeBatchSize, ">= 1");
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
        keys.integer("training.num-train-epochs"),
        keys.integer("training.max-train-steps"),
        keys.integer("training.workers"),
        keys.integer("training.train-batch-size"),
        keys.integer("training.gradient-accumulation-steps"),
        keys.integer("training.vae-encode-batch-size"),
        keys.integer("training.vae-decode-batch-size"),
        keys.integer("training.checkpointing-steps"),
        keys.integer("training.checkpoints-total-limit"),
        keys.text("training.resume-from-checkpoint"));
  }

  /**
   * Updates of the run: as configured, or as many as the epochs take.
   *
   * @param samples of an epoch
   */
  public long steps(long samples) {
    long stepsPerEpoch = (samples + samplesPerStep() - 1) / samplesPerStep();
    return maxTrainSteps > 0 ? maxTrainSteps : numTrainEpochs * stepsPerEpoch;
  }

  /** How many pictures the autoencoder handles at a time. */
  public VaeBatches vaeBatches() {
    return new VaeBatches(vaeEncodeBatchSize, vaeDecodeBatchSize);
  }

  /** Samples of one update. */
  public long samplesPerStep() {
    return (long) workers * gradientAccumulationSteps * trainBatchSize;
  }
}
