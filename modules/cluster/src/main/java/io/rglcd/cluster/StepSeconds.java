package io.rglcd.cluster;

/**
 * Where the time of a step went, seconds.
 *
 * @param total from the commit before (the plan, for the first) to this step's commit
 * @param load the slowest worker's wait for samples
 * @param compute the slowest worker's gradients
 * @param reduce adding up and gathering the mean gradient
 * @param commit clipping, optimiser and EMA
 */
public record StepSeconds(double total, double load, double compute, double reduce, double commit) {

  /** What is left: messages, decisions, scheduling. */
  public double other() {
    return Math.max(0, total - load - compute - reduce - commit);
  }
}
