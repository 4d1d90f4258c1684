package io.rglcd.distill;

/**
 * How a mean gradient becomes an update.
 *
 * @param learningRate base rate
 * @param schedule factor on the base rate
 * @param warmupSteps updates of warm-up
 * @param totalSteps updates of the whole run, for the schedules that end
 * @param adamW moments and weight decay
 * @param maxGradNorm clipping limit of the global L2 norm
 * @param emaDecay decay of the target network
 */
public record OptimizerOptions(
    double learningRate,
    LearningRateSchedule schedule,
    long warmupSteps,
    long totalSteps,
    AdamW.Options adamW,
    double maxGradNorm,
    double emaDecay) {

  /** Refuses values outside their ranges. */
  public OptimizerOptions {
    require(learningRate > 0, "learning rate", learningRate, "> 0");
    require(warmupSteps >= 0, "lr warmup steps", warmupSteps, ">= 0");
    require(totalSteps >= 1, "max train steps", totalSteps, ">= 1");
    require(maxGradNorm > 0, "max grad norm", maxGradNorm, "> 0");
    require(emaDecay >= 0 && emaDecay <= 1, "ema decay", emaDecay, "in [0, 1]");
  }

  private static void require(boolean ok, String name, Number value, String expected) {
    if (!ok) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }

  /** The rate of the update with that index, counted from 0. */
  public double rate(long update) {
    return schedule.rate(learningRate, update, warmupSteps, totalSteps);
  }
}
