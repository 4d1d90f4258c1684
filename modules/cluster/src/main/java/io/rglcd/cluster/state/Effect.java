package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleLedger;
import java.util.List;

/** What is to be done after a decision. */
public sealed interface Effect {

  /** Lets the handler do it. */
  void accept(Handler handler);

  /** Send the plan to its members. */
  record SendPlan(StepPlan plan) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.sendPlan(this);
    }
  }

  /** Send the order to the members and the follower. */
  record SendReduce(Reduce reduce, List<WorkerId> members) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.sendReduce(this);
    }
  }

  /** Send the commit to the members and the follower. */
  record SendCommit(Commit commit, List<WorkerId> members) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.sendCommit(this);
    }
  }

  /** Tell the members that an attempt is void. */
  record SendAbort(Abort abort, List<WorkerId> members) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.sendAbort(this);
    }
  }

  /** Have the follower write a snapshot for joiners. */
  record TakeSnapshot(StepNumber step) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.takeSnapshot(this);
    }
  }

  /** Have a joiner take over a snapshot. */
  record RestoreWorker(WorkerId worker, StepNumber step, String directory) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.restoreWorker(this);
    }
  }

  /** Have the follower save a checkpoint. */
  record SaveCheckpoint(Term term, Generation generation, StepNumber step, SampleLedger ledger)
      implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.saveCheckpoint(this);
    }
  }

  /** Tell the listener. */
  record Report(TrainingEvent event) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.report(this);
    }
  }

  /** The run is over. */
  record Complete(StepNumber step, boolean stopped, SampleLedger ledger, String checkpoint)
      implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.complete(this);
    }
  }

  /** The run cannot go on. */
  record Fail(String reason) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.fail(this);
    }
  }

  /** Carries out effects. */
  interface Handler {
    /** Carries out {@link SendPlan}. */
    void sendPlan(SendPlan effect);

    /** Carries out {@link SendReduce}. */
    void sendReduce(SendReduce effect);

    /** Carries out {@link SendCommit}. */
    void sendCommit(SendCommit effect);

    /** Carries out {@link SendAbort}. */
    void sendAbort(SendAbort effect);

    /** Carries out {@link TakeSnapshot}. */
    void takeSnapshot(TakeSnapshot effect);

    /** Carries out {@link RestoreWorker}. */
    void restoreWorker(RestoreWorker effect);

    /** Carries out {@link SaveCheckpoint}. */
    void saveCheckpoint(SaveCheckpoint effect);

    /** Carries out {@link Report}. */
    void report(Report effect);

    /** Carries out {@link Complete}. */
    void complete(Complete effect);

    /** Carries out {@link Fail}. */
    void fail(Fail effect);
  }
}
