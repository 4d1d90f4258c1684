package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.CoordinatorMessage.CheckpointFailed;
import io.rglcd.cluster.protocol.CoordinatorMessage.CheckpointWritten;

/** Checkpoints, and what the user or the cluster wants of the run. */
final class EndingRules {

  private final Decision next;

  EndingRules(Decision next) {
    this.next = next;
  }

  void checkpointWritten(CheckpointWritten message) {
    next.report(new TrainingEvent.CheckpointWritten(message.step().value(), message.directory()));
    if (next.phase == Phase.FINISHING && message.step().equals(next.progress.step())) {
      next.phase = Phase.ENDED;
      boolean early = next.progress.step().value() < next.limits().steps();
      next.report(new TrainingEvent.Finished(next.progress.step().value(), early));
      next.effect(
          new Effect.Complete(
              next.progress.step(), early, next.progress.ledger(), message.directory()));
    }
  }

  void checkpointFailed(CheckpointFailed message) {
    next.fail("checkpoint of step " + message.step() + " was not written: " + message.reason());
  }

  void appendFailed(String reason) {
    next.fail(reason);
  }

  /** Without a quorum nothing is planned or committed: another coordinator may be elected. */
  void quorumChanged(boolean there) {
    next.wishes = next.wishes.withQuorum(there);
    if (there && next.phase == Phase.PAUSED) {
      next.proceed();
    } else if (!there && (next.phase == Phase.COMPUTING || next.phase == Phase.REDUCING)) {
      next.abort(next.current.orElseThrow(), "coordinators have lost their quorum");
      next.proceed();
    }
  }

  void stopRequested() {
    next.wishes = next.wishes.withStop();
    if (next.phase == Phase.PAUSED) {
      next.finish();
    } else if (next.phase == Phase.RECOVERING) {
      next.fail("stopped before the first step");
    }
  }

  void pauseRequested(boolean wanted) {
    next.wishes = next.wishes.withPause(wanted);
    if (!wanted && next.phase == Phase.PAUSED) {
      next.proceed();
    }
  }

  void checkpointRequested() {
    next.wishes = next.wishes.withCheckpoint(true);
    if (next.phase == Phase.PAUSED) {
      next.saveCheckpoint();
    }
  }
}
