package io.rglcd.cli.report;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.CommitRecord;

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
    double seconds) {

  /** What a committed step shows. */
  public static StepPoint of(TrainingEvent.StepCommitted committed) {
    CommitRecord record = committed.record();
    return new StepPoint(
        committed.step(),
        record.loss(),
        record.distill(),
        record.reward(),
        record.gradNorm(),
        record.learningRate(),
        record.samples(),
        committed.seconds().total());
  }
}
