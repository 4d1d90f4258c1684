package io.rglcd.cluster.protocol;

import akka.actor.typed.ActorRef;
import io.rglcd.distill.CommitResult;
import java.util.List;

/** What the parameter coordinator is told. */
public sealed interface CoordinatorMessage extends ClusterMessage, CoordinatorCommand {

  /**
   * A replica says that it is there and what it holds.
   *
   * @param worker its name
   * @param ref where it is
   * @param endpoint its node's end of the data plane
   * @param computes whether it computes gradients; the coordinator's follower does not
   * @param holding what it holds
   * @param parameters number of trained parameters, P
   * @param identity what must be equal on all nodes with replicas, sorted: key=value
   */
  record Register(
      WorkerId worker,
      ActorRef<WorkerMessage> ref,
      Endpoint endpoint,
      boolean computes,
      Holding holding,
      long parameters,
      List<String> identity)
      implements CoordinatorMessage {

    /** Copies the list. */
    public Register {
      identity = List.copyOf(identity);
    }
  }

  /**
   * A loader says that it is there.
   *
   * @param node its name
   * @param ref where it is
   * @param identity what must be equal on all nodes, sorted: key=value
   */
  record RegisterAssistant(String node, ActorRef<AssistantMessage> ref, List<String> identity)
      implements CoordinatorMessage {

    /** Copies the list. */
    public RegisterAssistant {
      identity = List.copyOf(identity);
    }
  }

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
   * A member could not get the mean gradient.
   *
   * @param key the attempt
   * @param worker who
   * @param reason in one sentence
   */
  record ReduceFailed(StepKey key, WorkerId worker, String reason) implements CoordinatorMessage {}

  /**
   * A replica has applied a commit.
   *
   * @param worker who
   * @param result what applying did
   * @param checksum of the mean gradient that was applied
   * @param digest of the state after it; empty if it was not asked for
   * @param seconds time that it took
   */
  record Applied(WorkerId worker, CommitResult result, long checksum, String digest, double seconds)
      implements CoordinatorMessage {}

  /**
   * A replica offers a snapshot.
   *
   * @param worker who
   * @param step of the state
   */
  record SnapshotOffered(WorkerId worker, StepNumber step) implements CoordinatorMessage {}

  /**
   * A replica could not offer or fetch a snapshot.
   *
   * @param worker who
   * @param step of the snapshot
   * @param reason in one sentence
   */
  record SnapshotFailed(WorkerId worker, StepNumber step, String reason)
      implements CoordinatorMessage {}

  /**
   * A replica that was behind tells how far it has come.
   *
   * @param worker who
   * @param holding what it holds now
   */
  record Restored(WorkerId worker, Holding holding) implements CoordinatorMessage {}

  /**
   * A member failed; a worker starts again by itself, the follower's failure ends the run.
   *
   * @param worker who
   * @param reason in one sentence
   */
  record MemberFailed(WorkerId worker, String reason) implements CoordinatorMessage {}

  /**
   * A worker wants to leave after the step in progress.
   *
   * @param worker who
   */
  record Leaving(WorkerId worker) implements CoordinatorMessage {}

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

  /** Finish the step, then wait until {@link Resume}. */
  record Pause() implements CoordinatorMessage {}

  /** Go on. */
  record Resume() implements CoordinatorMessage {}

  /** Write a checkpoint after the step in progress. */
  record CheckpointNow() implements CoordinatorMessage {}

  /**
   * Somebody wants to know how the run is.
   *
   * @param replyTo whom to tell
   */
  record StatusRequested(ActorRef<RunStatus> replyTo) implements CoordinatorMessage {}
}
