package io.rglcd.cli.report;

/**
 * What a curve shows of one step.
 *
 * @param step number, from 1
 * @param loss the objective, consistency loss minus scaled reward
 * @param distill consistency loss
 * @param reward mean reward, NaN where none is computed
 * @param gradNorm global norm before clipping
 * @param learningRate of the update
 * @param samples that went into the update
 * @param seconds the step took
 */
public record StepPoint(
    long step,
    double loss,
    double distill,
    double reward,
    double gradNorm,
    double learningRate,
    long samples,
    double seconds) {}
