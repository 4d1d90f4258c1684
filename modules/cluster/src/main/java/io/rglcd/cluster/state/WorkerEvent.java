package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.WorkerMessage;

/** What a replica learns. */
public sealed interface WorkerEvent {

  /** Hands it to the method for it. */
  void accept(Rules rules);

  /** A coordinator asks. */
  record Greeted(WorkerMessage.Hello message) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.greeted(this);
    }
  }

  /** A coordinator plans. */
  record Planned(StepPlan plan) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.planned(this);
    }
  }

  /** A micro-batch is computed and its gradient held. */
  record Computed(MicroBatchResult result) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.computed(this);
    }
  }

  /** The gradients of all are there. */
  record ReduceOrdered(Reduce order) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.reduceOrdered(this);
    }
  }

  /** The mean gradient is complete on the data plane. */
  record Reduced(StepKey key) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.reduced(this);
    }
  }

  /** The mean gradient is copied to where it was wanted. */
  record Gathered(Prepared mean) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.gathered(this);
    }
  }

  /** The mean gradient will not come. */
  record ReductionBroke(StepKey key, String reason) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.reductionBroke(this);
    }
  }

  /** An attempt is part of the history. */
  record Committed(Commit commit) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.committed(this);
    }
  }

  /** An attempt is void. */
  record Aborted(Abort abort) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.aborted(this);
    }
  }

  /** Others need the state. */
  record SnapshotWanted(WorkerMessage.OfferSnapshot message) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.snapshotWanted(this);
    }
  }

  /** The state of a step will be offered. */
  record FollowWanted(WorkerMessage.Follow message) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.followWanted(this);
    }
  }

  /** Others offer their state. */
  record SnapshotGiven(WorkerMessage.FetchSnapshot message) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.snapshotGiven(this);
    }
  }

  /** A snapshot has arrived. */
  record Fetched(StepNumber step) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.fetched(this);
    }
  }

  /** A snapshot does not arrive. */
  record FetchFailed(StepNumber step, String reason) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.fetchFailed(this);
    }
  }

  /** The run wants a checkpoint. */
  record CheckpointWanted(WorkerMessage.SaveCheckpoint message) implements WorkerEvent {
    @Override
    public void accept(Rules rules) {
      rules.checkpointWanted(this);
    }
  }

  /** One rule an event. */
  interface Rules {
    /** A coordinator asks. */
    void greeted(Greeted event);

    /** A coordinator plans. */
    void planned(Planned event);

    /** A micro-batch is computed and its gradient held. */
    void computed(Computed event);

    /** The gradients of all are there. */
    void reduceOrdered(ReduceOrdered event);

    /** The mean gradient is complete on the data plane. */
    void reduced(Reduced event);

    /** The mean gradient is copied to where it was wanted. */
    void gathered(Gathered event);

    /** The mean gradient will not come. */
    void reductionBroke(ReductionBroke event);

    /** An attempt is part of the history. */
    void committed(Committed event);

    /** An attempt is void. */
    void aborted(Aborted event);

    /** Others need the state. */
    void snapshotWanted(SnapshotWanted event);

    /** The state of a step will be offered. */
    void followWanted(FollowWanted event);

    /** Others offer their state. */
    void snapshotGiven(SnapshotGiven event);

    /** A snapshot has arrived. */
    void fetched(Fetched event);

    /** A snapshot does not arrive. */
    void fetchFailed(FetchFailed event);

    /** The run wants a checkpoint. */
    void checkpointWanted(CheckpointWanted event);
  }
}
