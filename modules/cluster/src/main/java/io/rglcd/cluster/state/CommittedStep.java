package io.rglcd.cluster.state;

import io.rglcd.cluster.StepSeconds;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.CommitRecord;
import io.rglcd.cluster.protocol.CoordinatorMessage.Applied;

/**
 * A committed step whose norm and rate the follower has not reported yet.
 *
 * @param step the attempt that was committed
 * @param totalSeconds since the commit before
 */
record CommittedStep(StepInProgress step, double totalSeconds) {

  TrainingEvent.StepCommitted event(Applied follower) {
    CommitRecord commit =
        new CommitRecord(
            step.key(),
            step.deal().ranges(),
            step.unreadable(),
            step.samples(),
            step.mean(r -> r.losses().distill()),
            step.mean(r -> r.losses().reward()),
            step.mean(r -> r.losses().loss()),
            follower.result().gradNorm(),
            follower.result().learningRate(),
            follower.digest());
    StepSeconds seconds =
        new StepSeconds(
            totalSeconds,
            step.slowest().loadSeconds(),
            step.slowest().computeSeconds(),
            step.reduceSeconds(),
            follower.seconds());
    return new TrainingEvent.StepCommitted(commit, seconds);
  }
}
