package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;

/** What the coordinator decides upon. */
public sealed interface CoordinatorEvent {

  /** The state's answer. */
  Transition applyTo(CoordinatorState state);

  /** A worker started or started again; its replica is of no known step. */
  record Registered(WorkerId worker, long parameters) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onRegistered(this);
    }
  }

  /** The coordinator's own replica is there. */
  record FollowerReady(long parameters) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onFollowerReady(this);
    }
  }

  /** A worker holds its gradients. */
  record Gradients(CoordinatorMessage.GradientsReady message) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onGradients(message);
    }
  }

  /** A member holds the mean gradient. */
  record Mean(CoordinatorMessage.MeanReady message) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onMean(message);
    }
  }

  /** A member applied a commit. */
  record CommitApplied(CoordinatorMessage.Applied message) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onApplied(message);
    }
  }

  /** A joiner holds the snapshot's state. */
  record Restored(CoordinatorMessage.Restored message) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onRestored(message);
    }
  }

  /** A member failed. */
  record Failed(WorkerId worker, String reason) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onFailed(this);
    }
  }

  /** The snapshot for joiners is written. */
  record SnapshotTaken(CoordinatorMessage.SnapshotTaken message) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onSnapshot(message);
    }
  }

  /** A checkpoint is durable. */
  record CheckpointWritten(CoordinatorMessage.CheckpointWritten message)
      implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onCheckpoint(message);
    }
  }

  /** A checkpoint could not be written. */
  record CheckpointFailed(CoordinatorMessage.CheckpointFailed message) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onCheckpointFailed(message);
    }
  }

  /** The user wants the run to end. */
  record StopRequested() implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onStop();
    }
  }

  /** An attempt took too long. */
  record TimedOut(StepKey key, String limit) implements CoordinatorEvent {
    @Override
    public Transition applyTo(CoordinatorState state) {
      return state.onTimeout(this);
    }
  }
}
