package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import io.rglcd.distill.AdamW;
import io.rglcd.distill.LearningRateSchedule;
import io.rglcd.distill.OptimizerOptions;

/**
 * Section {@code optimizer}.
 *
 * @param learningRate base rate
 * @param scaleLr whether it grows with the samples of an update
 * @param lrScheduler name of the schedule
 * @param lrWarmupSteps updates of warm-up
 * @param adamBeta1 decay of the first moment
 * @param adamBeta2 decay of the second moment
 * @param adamEpsilon added to the denominator
 * @param adamWeightDecay decoupled decay
 * @param maxGradNorm limit of the global norm
 * @param emaDecay decay of the target network
 */
public record OptimizerConfig(
    double learningRate,
    boolean scaleLr,
    String lrScheduler,
    int lrWarmupSteps,
    double adamBeta1,
    double adamBeta2,
    double adamEpsilon,
    double adamWeightDecay,
    double maxGradNorm,
    double emaDecay) {

  /** Checks the values. */
  public OptimizerConfig {
    require(learningRate > 0, "optimizer.learning-rate", learningRate, "> 0");
    require(lrWarmupSteps >= 0, "optimizer.lr-warmup-steps", lrWarmupSteps, ">= 0");
    require(adamBeta1 >= 0 && adamBeta1 < 1, "optimizer.adam-beta1", adamBeta1, "in [0, 1)");
    require(adamBeta2 >= 0 && adamBeta2 < 1, "optimizer.adam-beta2", adamBeta2, "in [0, 1)");
    require(adamEpsilon > 0, "optimizer.adam-epsilon", adamEpsilon, "> 0");
    require(adamWeightDecay >= 0, "optimizer.adam-weight-decay", adamWeightDecay, ">= 0");
    require(maxGradNorm > 0, "optimizer.max-grad-norm", maxGradNorm, "> 0");
    require(emaDecay >= 0 && emaDecay <= 1, "optimizer.ema-decay", emaDecay, "in [0, 1]");
    try {
      LearningRateSchedule.of(lrScheduler);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("optimizer.lr-scheduler: " + e.getMessage(), e);
    }
  }

  static OptimizerConfig of(KeyReader keys) {
    return new OptimizerConfig(
        keys.number("optimizer.learning-rate"),
        keys.flag("optimizer.scale-lr"),
        keys.text("optimizer.lr-scheduler"),
        keys.integer("optimizer.lr-warmup-steps"),
        keys.number("optimizer.adam-beta1"),
        keys.number("optimizer.adam-beta2"),
        keys.number("optimizer.adam-epsilon"),
        keys.number("optimizer.adam-weight-decay"),
        keys.number("optimizer.max-grad-norm"),
        keys.number("optimizer.ema-decay"));
  }

  /**
   * For the learner.
   *
   * @param steps updates of the run
   */
  public OptimizerOptions options(RunConfig run, long steps) {
    double factor = scaleLr ? run.samplesPerStep() : 1;
    return new OptimizerOptions(
        learningRate * factor,
        LearningRateSchedule.of(lrScheduler),
        lrWarmupSteps,
        steps,
        new AdamW.Options(adamBeta1, adamBeta2, adamEpsilon, adamWeightDecay),
        maxGradNorm,
        emaDecay);
  }
}
