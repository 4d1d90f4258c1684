package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.data.SampleLedger;
import java.util.List;

/** What the coordinator's actor has to carry out. */
public sealed interface Effect {

  /** Hands the effect to the method that carries it out. */
  void accept(Handler handler);

  /**
   * Tells replicas something.
   *
   * @param to who; those unknown by now are left out
   */
  record Tell(List<WorkerId> to, WorkerMessage message) implements Effect {

    /** Copies the list. */
    public Tell {
      to = List.copyOf(to);
    }

    @Override
    public void accept(Handler handler) {
      handler.tell(this);
    }
  }

  /** Appends to the durable log; answered by {@link CoordinatorEvent.Appended} or its failure. */
  record Append(HistoryRecord record) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.append(this);
    }
  }

  /** Has a replica write the state at a step, and completes the checkpoint. */
  record SaveCheckpoint(
      WorkerId scribe,
      Term term,
      Generation generation,
      StepNumber step,
      long checksum,
      SampleLedger ledger)
      implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.saveCheckpoint(this);
    }
  }

  /** Tells the listener. */
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

  /** Nobody holds the newest state any more: the coordinator has to begin anew from the log. */
  record StartOver(String reason) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.startOver(this);
    }
  }

  /** The run cannot go on, or not with this coordinator. */
  record Fail(String reason) implements Effect {
    @Override
    public void accept(Handler handler) {
      handler.fail(this);
    }
  }

  /** Carries out effects. */
  interface Handler {
    /** Carries out {@link Tell}. */
    void tell(Tell effect);

    /** Carries out {@link Append}. */
    void append(Append effect);

    /** Carries out {@link SaveCheckpoint}. */
    void saveCheckpoint(SaveCheckpoint effect);

    /** Carries out {@link Report}. */
    void report(Report effect);

    /** Carries out {@link Complete}. */
    void complete(Complete effect);

    /** Carries out {@link StartOver}. */
    void startOver(StartOver effect);

    /** Carries out {@link Fail}. */
    void fail(Fail effect);
  }
}
