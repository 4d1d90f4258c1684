package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleRange;
import java.util.List;
import java.util.Set;

/** What a replica's actor has to carry out. */
public sealed interface WorkerEffect {

  /** Hands it to the method for it. */
  void accept(Handler handler);

  /** Tells the coordinator. */
  record Tell(CoordinatorMessage message) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.tell(this);
    }
  }

  /** Tells the coordinator what the replica holds. */
  record Register(Holding holding) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.register(this);
    }
  }

  /** Loads and computes what is missing of a share. */
  record Work(WorkerShare share) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.work(this);
    }
  }

  /** Shows the gradients to the owners of slices, then tells the coordinator. */
  record Deliver(StepKey key, List<MicroBatchResult> results) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.deliver(this);
    }
  }

  /** Frees gradients that are of no use any more. */
  record Drop(Set<SampleRange> ranges) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.drop(this);
    }
  }

  /** Takes part in a reduction. */
  record BeginReduce(Reduce order) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.beginReduce(this);
    }
  }

  /** Takes no part in a reduction any more. */
  record CancelReduce(StepKey key) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.cancelReduce(this);
    }
  }

  /** Copies the complete mean gradient to be applied next. */
  record Gather(StepKey key) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.gather(this);
    }
  }

  /** Copies the complete mean gradient to be applied after the snapshot. */
  record KeepAside(StepKey key) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.keepAside(this);
    }
  }

  /** Applies the gathered mean gradient, then tells the coordinator. */
  record Apply(Commit commit) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.apply(this);
    }
  }

  /** Fetches a snapshot in the background, over the replica's state; ends the one before. */
  record Fetch(WorkerMessage.FetchSnapshot message) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.fetch(this);
    }
  }

  /** The state is the snapshot's that was fetched. */
  record Restore(StepNumber step) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.restore(this);
    }
  }

  /** Applies a mean gradient that was kept aside. */
  record ApplyKept(Prepared mean) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.applyKept(this);
    }
  }

  /** Makes a mean gradient that was kept aside the one to be applied next. */
  record UseKept(Prepared mean) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.useKept(this);
    }
  }

  /** Forgets mean gradients that were kept aside. */
  record DropKept() implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.dropKept();
    }
  }

  /** Writes a snapshot and tells the coordinator. */
  record OfferSnapshot(StepNumber step, StepNumber keepFrom) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.offerSnapshot(this);
    }
  }

  /** Writes the state and hands it to the checkpoint writer. */
  record SaveCheckpoint(StepNumber step, String runJson) implements WorkerEffect {
    @Override
    public void accept(Handler handler) {
      handler.saveCheckpoint(this);
    }
  }

  /** Carries out effects. */
  interface Handler {
    /** Tells the coordinator. */
    void tell(Tell effect);

    /** Tells the coordinator what the replica holds. */
    void register(Register effect);

    /** Loads and computes what is missing of a share. */
    void work(Work effect);

    /** Shows the gradients to the owners of slices, then tells the coordinator. */
    void deliver(Deliver effect);

    /** Frees gradients that are of no use any more. */
    void drop(Drop effect);

    /** Takes part in a reduction. */
    void beginReduce(BeginReduce effect);

    /** Takes no part in a reduction any more. */
    void cancelReduce(CancelReduce effect);

    /** Copies the complete mean gradient to be applied next. */
    void gather(Gather effect);

    /** Copies the complete mean gradient to be applied after the snapshot. */
    void keepAside(KeepAside effect);

    /** Applies the gathered mean gradient, then tells the coordinator. */
    void apply(Apply effect);

    /** Fetches a snapshot in the background, over the replica's state; ends the one before. */
    void fetch(Fetch effect);

    /** The state is the snapshot's that was fetched. */
    void restore(Restore effect);

    /** Applies a mean gradient that was kept aside. */
    void applyKept(ApplyKept effect);

    /** Makes a mean gradient that was kept aside the one to be applied next. */
    void useKept(UseKept effect);

    /** Forgets mean gradients that were kept aside. */
    void dropKept();

    /** Writes a snapshot and tells the coordinator. */
    void offerSnapshot(OfferSnapshot effect);

    /** Writes the state and hands it to the checkpoint writer. */
    void saveCheckpoint(SaveCheckpoint effect);
  }
}
