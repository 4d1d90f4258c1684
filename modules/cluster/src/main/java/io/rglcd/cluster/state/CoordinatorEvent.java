package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.WorkerId;

/** What the coordinator learns. */
public sealed interface CoordinatorEvent {

  /** Hands the event to the rule for it. */
  void accept(Rules rules);

  /** A replica is there and says what it holds. */
  record Registered(
      WorkerId worker, Endpoint endpoint, boolean computes, Holding holding, long parameters)
      implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.registered(this);
    }
  }

  /** A worker holds the gradients of its share. */
  record Gradients(CoordinatorMessage.GradientsReady message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.gradients(this);
    }
  }

  /** A replica holds the mean gradient. */
  record Mean(CoordinatorMessage.MeanReady message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.mean(this);
    }
  }

  /** A replica could not get the mean gradient. */
  record ReductionFailed(CoordinatorMessage.ReduceFailed message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.reductionFailed(this);
    }
  }

  /** A replica has applied a commit. */
  record CommitApplied(CoordinatorMessage.Applied message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.applied(this);
    }
  }

  /** A replica offers a snapshot. */
  record SnapshotOffered(CoordinatorMessage.SnapshotOffered message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.snapshotOffered(this);
    }
  }

  /** A snapshot could not be offered or fetched. */
  record SnapshotFailed(CoordinatorMessage.SnapshotFailed message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.snapshotFailed(this);
    }
  }

  /** A replica that was behind has come further. */
  record Restored(CoordinatorMessage.Restored message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.restored(this);
    }
  }

  /** A replica failed or cannot be reached any more. */
  record Failed(WorkerId worker, String reason) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.failed(this);
    }
  }

  /** The process of a node has ended, and all workers of it. */
  record NodeEnded(String node) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.nodeEnded(this);
    }
  }

  /** A worker wants to leave. */
  record Leaving(WorkerId worker) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.leaving(this);
    }
  }

  /** A checkpoint is durable. */
  record CheckpointWritten(CoordinatorMessage.CheckpointWritten message)
      implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.checkpointWritten(this);
    }
  }

  /** A checkpoint could not be written. */
  record CheckpointFailed(CoordinatorMessage.CheckpointFailed message) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.checkpointFailed(this);
    }
  }

  /** The log holds a record. */
  record Appended(HistoryRecord record) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.appended(this);
    }
  }

  /** The log does not take a record, or not from this coordinator. */
  record AppendFailed(String reason) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.appendFailed(this);
    }
  }

  /** Enough coordinators see each other, or not any more. */
  record QuorumChanged(boolean there) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.quorumChanged(this);
    }
  }

  /** The user wants the run to end. */
  record StopRequested() implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.stopRequested();
    }
  }

  /** The user wants the run to wait, or to go on. */
  record PauseRequested(boolean wanted) implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.pauseRequested(this);
    }
  }

  /** The user wants a checkpoint. */
  record CheckpointRequested() implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.checkpointRequested();
    }
  }

  /** Time has passed. */
  record Ticked() implements CoordinatorEvent {
    @Override
    public void accept(Rules rules) {
      rules.ticked();
    }
  }

  /** One rule an event. */
  interface Rules {
    /** A replica is there and says what it holds. */
    void registered(Registered event);

    /** A worker holds the gradients of its share. */
    void gradients(Gradients event);

    /** A replica holds the mean gradient. */
    void mean(Mean event);

    /** A replica could not get the mean gradient. */
    void reductionFailed(ReductionFailed event);

    /** A replica has applied a commit. */
    void applied(CommitApplied event);

    /** A replica offers a snapshot. */
    void snapshotOffered(SnapshotOffered event);

    /** A snapshot could not be offered or fetched. */
    void snapshotFailed(SnapshotFailed event);

    /** A replica that was behind has come further. */
    void restored(Restored event);

    /** A replica failed or cannot be reached any more. */
    void failed(Failed event);

    void nodeEnded(NodeEnded event);

    /** A worker wants to leave. */
    void leaving(Leaving event);

    /** A checkpoint is durable. */
    void checkpointWritten(CheckpointWritten event);

    /** A checkpoint could not be written. */
    void checkpointFailed(CheckpointFailed event);

    /** The log holds a record. */
    void appended(Appended event);

    /** The log does not take a record, or not from this coordinator. */
    void appendFailed(AppendFailed event);

    /** Enough coordinators see each other, or not any more. */
    void quorumChanged(QuorumChanged event);

    /** The user wants the run to end. */
    void stopRequested();

    /** The user wants the run to wait, or to go on. */
    void pauseRequested(PauseRequested event);

    /** The user wants a checkpoint. */
    void checkpointRequested();

    /** Time has passed. */
    void ticked();
  }
}
