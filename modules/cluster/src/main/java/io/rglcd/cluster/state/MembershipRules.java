package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.CoordinatorMessage.Restored;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import java.util.List;

/** Who takes part. */
final class MembershipRules {

  private static final StepNumber NO_SNAPSHOT = new StepNumber(0);

  private final Decision next;

  MembershipRules(Decision next) {
    this.next = next;
  }

  void registered(CoordinatorEvent.Registered event) {
    WorkerId worker = event.worker();
    if (next.parameters > 0 && next.parameters != event.parameters()) {
      next.fail(
          worker
              + " has "
              + event.parameters()
              + " parameters (expected: "
              + next.parameters
              + ")");
      return;
    }
    next.parameters = event.parameters();
    Peer known = next.peers.get(worker);
    boolean level =
        next.progress.isHeldBy(event.holding()) || next.progress.isPreparedBy(event.holding());
    if (known != null && known.isLevel() && level) {
      return;
    }
    if (known != null && known.isLevel()) {
      lost(worker, "started again");
    }
    if (next.peers.isEmpty() && next.phase == Phase.RECOVERING) {
      next.times = next.times.begun();
    }
    boolean overtaken = known != null && known.joined() && !known.isLevel();
    Peer peer =
        new Peer(
            worker,
            event.endpoint(),
            event.computes(),
            event.holding(),
            Standing.BEHIND,
            NO_SNAPSHOT,
            overtaken,
            known != null && known.leaving());
    next.put(peer);
    if (level) {
      becomeLevel(peer);
    }
    if (next.phase == Phase.RECOVERING) {
      new Recovery(next).beginIfComplete();
    } else if (next.phase == Phase.PAUSED) {
      next.proceed();
    } else if (next.phase == Phase.COMPUTING) {
      new SnapshotRules(next).offerToThoseBehind();
    }
  }

  /** A replica that was behind has applied what it was given. */
  void restored(Restored message) {
    Peer known = next.peers.get(message.worker());
    if (known == null || known.isLevel()) {
      return;
    }
    Peer peer = known.with(message.holding());
    next.put(peer);
    if (isLevelNow(message.holding())) {
      becomeLevel(peer);
      new SnapshotRules(next).forgetUnused();
      if (next.phase == Phase.PAUSED) {
        next.proceed();
      } else if (next.phase == Phase.RECOVERING) {
        new Recovery(next).beginIfComplete();
      }
    }
  }

  private boolean isLevelNow(Holding holding) {
    return next.progress.isHeldBy(holding) || next.progress.isPreparedBy(holding);
  }

  void becomeLevel(Peer peer) {
    next.put(peer.as(Standing.LEVEL));
    if (next.progress.isPreparedBy(peer.holding())) {
      next.tell(List.of(peer.worker()), next.progress.last().orElseThrow());
    }
    if (peer.computes()) {
      next.generation = next.generation.next();
      if (next.phase != Phase.RECOVERING && !peer.joined()) {
        next.report(new TrainingEvent.WorkerJoined(peer.worker()));
      }
    }
  }

  void failed(WorkerId worker, String reason) {
    if (worker.equals(WorkerId.FOLLOWER)) {
      next.fail(worker + " failed: " + reason);
      return;
    }
    boolean known = next.peers.containsKey(worker);
    if (!known && next.phase != Phase.RECOVERING) {
      return;
    }
    if (next.phase == Phase.FINISHING) {
      // All steps are done; another replica can write the checkpoint.
      forget(next.peers.get(worker), reason);
    } else if (next.countFailure()) {
      next.fail(
          worker
              + " failed: "
              + reason
              + " ("
              + next.failures
              + " failures without a commit, expected: at most "
              + next.limits().maxFailures()
              + ")");
    } else if (known) {
      lost(worker, reason);
    }
  }

  /** All workers of a node are gone with its process. */
  void ended(String node) {
    List.copyOf(next.peers.values()).stream()
        .filter(peer -> peer.computes() && peer.endpoint().node().equals(node))
        .forEach(peer -> failed(peer.worker(), "its process has ended"));
  }

  void leaving(WorkerId worker) {
    Peer known = next.peers.get(worker);
    if (known == null) {
      next.tell(List.of(worker), new WorkerMessage.Dismiss(next.term()));
      return;
    }
    next.put(known.asLeaving());
    boolean busy =
        next.current.map(step -> step.plan().members().contains(worker)).orElse(false)
            && next.phase != Phase.PAUSED;
    if (!busy) {
      dismiss(worker);
    }
  }

  /** Lets a worker go that has no part in the present step. */
  void dismiss(WorkerId worker) {
    Peer peer = next.peers.get(worker);
    next.tell(List.of(worker), new WorkerMessage.Dismiss(next.term()));
    forget(peer, "left");
  }

  /** A replica is gone: without it the present attempt may be void. */
  private void lost(WorkerId worker, String reason) {
    Peer peer = next.peers.get(worker);
    boolean needed =
        next.current
            .map(
                step ->
                    next.phase == Phase.COMPUTING
                        ? step.plan().members().contains(worker)
                        : next.phase == Phase.REDUCING && step.isReducedBy(worker))
            .orElse(false);
    forget(peer, reason);
    if (needed) {
      next.abort(next.current.orElseThrow(), worker + " failed: " + reason);
      next.proceed();
    }
  }

  private void forget(Peer peer, String reason) {
    next.peers = next.peers.minus(peer.worker());
    new SnapshotRules(next).lost(peer.worker());
    if (peer.isLevel() && peer.computes()) {
      next.generation = next.generation.next();
    }
    if (peer.joined() && peer.computes()) {
      next.report(new TrainingEvent.WorkerLost(peer.worker(), reason));
    }
  }

  /** Gives up those who have not answered in time. */
  void giveUp(List<WorkerId> silent, String reason) {
    StepInProgress step = next.current.orElseThrow();
    silent.stream().map(next.peers::get).filter(p -> p != null).forEach(p -> forget(p, reason));
    next.abort(step, Decision.join(silent.stream()) + ": " + reason);
    next.proceed();
  }
}
