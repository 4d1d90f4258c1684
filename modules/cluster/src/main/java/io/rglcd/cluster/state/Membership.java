package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.CoordinatorMessage.Restored;
import io.rglcd.cluster.protocol.CoordinatorMessage.SnapshotTaken;
import io.rglcd.cluster.protocol.WorkerId;
import java.util.List;
import java.util.Optional;

/** Who takes part. */
final class Membership {

  private final Decision next;

  Membership(Decision next) {
    this.next = next;
  }

  Transition registered(WorkerId worker, long parameters) {
    if (next.parameters > 0 && next.parameters != parameters) {
      return next.fail(
          worker + " has " + parameters + " parameters (expected: " + next.parameters + ")");
    }
    if (next.phase == Phase.STARTING) {
      next.members.add(worker);
      next.parameters = parameters;
      return beginIfComplete();
    }
    boolean wasMember = next.members.contains(worker);
    if (wasMember) {
      remove(worker, "started again");
    }
    next.joiners.add(worker);
    if (next.phase == Phase.PAUSED) {
      next.proceed();
    } else if (next.phase == Phase.ADMITTING && next.snapshot.isPresent()) {
      next.effect(new Effect.RestoreWorker(worker, next.step, next.snapshot.orElseThrow()));
    } else if (wasMember) {
      continueWithoutOne("started again");
    }
    return next.done();
  }

  Transition followerReady(long parameters) {
    if (next.parameters > 0 && next.parameters != parameters) {
      return next.fail(
          "the follower has " + parameters + " parameters (expected: " + next.parameters + ")");
    }
    next.parameters = parameters;
    next.joiners.add(WorkerId.FOLLOWER);
    return beginIfComplete();
  }

  /** While starting, the follower's presence is noted among the joiners. */
  private Transition beginIfComplete() {
    if (next.phase == Phase.STARTING
        && next.members.size() == next.limits().workers()
        && next.joiners.remove(WorkerId.FOLLOWER)) {
      next.generation = next.generation.next();
      next.since = next.now;
      next.report(new TrainingEvent.Started(next.step.value(), List.copyOf(next.members)));
      next.proceed();
    }
    return next.done();
  }

  Transition failed(WorkerId worker, String reason) {
    if (worker.equals(WorkerId.FOLLOWER) || next.phase == Phase.STARTING) {
      return next.fail(worker + " failed: " + reason);
    }
    boolean joining = next.joiners.remove(worker);
    if ((!joining && !next.members.contains(worker)) || next.phase == Phase.FINISHING) {
      return next.done();
    }
    if (next.countFailure()) {
      return next.fail(
          worker
              + " failed: "
              + reason
              + " ("
              + next.failures
              + " failures without a commit, expected: at most "
              + next.limits().maxFailures()
              + ")");
    }
    if (!joining) {
      remove(worker, reason);
      continueWithoutOne(worker + " failed: " + reason);
    } else if (next.phase == Phase.ADMITTING) {
      leaveAdmittingIfDone();
    }
    return next.done();
  }

  private void remove(WorkerId worker, String reason) {
    next.members.remove(worker);
    next.generation = next.generation.next();
    next.report(new TrainingEvent.WorkerLost(worker, reason));
  }

  private void continueWithoutOne(String reason) {
    if (next.phase == Phase.COMPUTING || next.phase == Phase.REDUCING) {
      next.abort(next.current.orElseThrow(), reason);
      next.proceed();
    }
  }

  Transition snapshotTaken(SnapshotTaken message) {
    if (next.phase == Phase.ADMITTING && message.step().equals(next.step)) {
      next.snapshot = Optional.of(message.directory());
      for (WorkerId joiner : next.joiners) {
        next.effect(new Effect.RestoreWorker(joiner, next.step, message.directory()));
      }
      leaveAdmittingIfDone();
    }
    return next.done();
  }

  Transition restored(Restored message) {
    if (next.phase == Phase.ADMITTING
        && message.step().equals(next.step)
        && next.joiners.remove(message.worker())) {
      next.members.add(message.worker());
      next.generation = next.generation.next();
      next.report(new TrainingEvent.WorkerJoined(message.worker()));
      leaveAdmittingIfDone();
    }
    return next.done();
  }

  private void leaveAdmittingIfDone() {
    if (next.joiners.isEmpty()) {
      next.snapshot = Optional.empty();
      next.proceed();
    }
  }
}
