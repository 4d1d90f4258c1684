package io.rglcd.cluster.protocol;

import akka.actor.typed.ActorRef;
import io.rglcd.distill.CommitResult;
import java.util.List;

/** What the parameter coordinator is told. */
public sealed interface CoordinatorMessage extends ClusterMessage, CoordinatorCommand {

  /**
   * A worker that has just started, or started again, holds a replica.
   *
   * @param worker its name
   * @param ref where it is
   * @param step of its replica
   * @param parameters number of trained parameters, P
   */
  record Register(WorkerId worker, ActorRef<WorkerMessage> ref, StepNumber step, long parameters)
      implements CoordinatorMessage {}

  /**
   * The coordinator's own replica is there.
   *
   * @param step of the replica
   * @param parameters number of trained parameters, P
   */
  record FollowerReady(StepNumber step, long parameters) implements CoordinatorMessage {}

  /**
   * A worker holds the gradients of its share.
   *
   * @param key the attempt
   * @param worker who
   * @param results one a micro-batch of its share
   * @param loadSeconds time it waited for samples
   * @param computeSeconds time it computed gradients
   */
  record GradientsReady(
      StepKey key,
      WorkerId worker,
      List<MicroBatchResult> results,
      double loadSeconds,
      double computeSeconds)
      implements CoordinatorMessage {

    /** Copies the list. */
    public GradientsReady {
      results = List.copyOf(results);
    }

    /** Whether all losses and gradients are finite. */
    public boolean finite() {
      return results.stream().allMatch(r -> r.losses().finite());
    }
  }

  /**
   * A member holds the complete mean gradient.
   *
   * @param key the attempt
   * @param worker who
   * @param checksum CRC32C of the mean gradient's bytes
   * @param seconds from the order to reduce until now
   */
  record MeanReady(StepKey key, WorkerId worker, long checksum, double seconds)
      implements CoordinatorMessage {}

  /**
   * A member has applied a commit.
   *
   * @param worker who
   * @param result what applying did
   * @param digest of the state after it; empty if it was not asked for
   * @param seconds time that it took
   */
  record Applied(WorkerId worker, CommitResult result, String digest, double seconds)
      implements CoordinatorMessage {}

  /**
   * A worker has restored the snapshot it was given.
   *
   * @param worker who
   * @param step of its replica now
   */
  record Restored(WorkerId worker, StepNumber step) implements CoordinatorMessage {}

  /**
   * A member failed; a worker starts again by itself, the follower's failure ends the run.
   *
   * @param worker who
   * @param reason in one sentence
   */
  record MemberFailed(WorkerId worker, String reason) implements CoordinatorMessage {}

  /**
   * The follower's state lies in a directory, for those who join.
   *
   * @param step of the state
   * @param directory where
   */
  record SnapshotTaken(StepNumber step, String directory) implements CoordinatorMessage {}

  /**
   * A checkpoint is complete and durable.
   *
   * @param step of the state
   * @param directory where
   */
  record CheckpointWritten(StepNumber step, String directory) implements CoordinatorMessage {}

  /**
   * A checkpoint could not be written.
   *
   * @param step of the state
   * @param reason in one sentence
   */
  record CheckpointFailed(StepNumber step, String reason) implements CoordinatorMessage {}

  /** Finish the step, write a checkpoint, end. */
  record Stop() implements CoordinatorMessage {}
}
