package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.CoordinatorMessage.SnapshotFailed;
import io.rglcd.cluster.protocol.CoordinatorMessage.SnapshotOffered;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** How those who are behind get the state, while the others go on. */
final class SnapshotRules {

  private static final Comparator<Peer> FOLLOWER_FIRST = Comparator.comparing(Peer::computes);

  private final Decision next;

  SnapshotRules(Decision next) {
    this.next = next;
  }

  /** While the next mean is not being sent yet: everybody who is level holds C_s. */
  void offerToThoseBehind() {
    boolean wanted = next.peers.values().stream().anyMatch(p -> p.standing() == Standing.BEHIND);
    if (!wanted || next.level().findAny().isEmpty()) {
      return;
    }
    boolean same =
        next.offer.filter(o -> o.step().equals(next.progress.step()) && !o.isVoid()).isPresent();
    if (!same) {
      List<WorkerId> donors =
          next.level()
              .sorted(FOLLOWER_FIRST)
              .limit(next.limits().snapshotDonors())
              .map(Peer::worker)
              .toList();
      next.offer =
          Optional.of(
              new SnapshotOffer(next.progress.step(), new TreeSet<>(donors), Set.of(), List.of()));
      next.tell(
          donors,
          new WorkerMessage.OfferSnapshot(next.term(), next.progress.step(), oldestInUse()));
    }
    for (Peer peer : List.copyOf(next.peers.values())) {
      if (peer.standing() == Standing.BEHIND) {
        next.peers.put(peer.worker(), peer.catchingUpFrom(next.progress.step()));
        next.tell(
            List.of(peer.worker()),
            new WorkerMessage.Follow(next.term(), next.progress.step(), next.progress.checksum()));
        if (next.offer.orElseThrow().isReady()) {
          sendTo(List.of(peer.worker()));
        }
      }
    }
  }

  private StepNumber oldestInUse() {
    return next.peers.values().stream()
        .filter(p -> p.standing() == Standing.CATCHING_UP)
        .map(Peer::snapshot)
        .min(Comparator.naturalOrder())
        .orElse(next.progress.step());
  }

  void offered(SnapshotOffered message) {
    if (next.offer.filter(o -> o.step().equals(message.step())).isPresent()) {
      update(next.offer.get().offered(message.worker(), message.files()));
    }
  }

  void failed(SnapshotFailed message) {
    Peer peer = next.peers.get(message.worker());
    if (peer != null
        && peer.standing() == Standing.CATCHING_UP
        && peer.snapshot().equals(message.step())) {
      next.peers.put(peer.worker(), peer.as(Standing.BEHIND));
    } else if (next.offer.filter(o -> o.step().equals(message.step())).isPresent()) {
      update(next.offer.get().without(message.worker()));
    }
    goOnIfPaused();
  }

  /** A replica is gone: it neither offers nor fetches any more. */
  void lost(WorkerId worker) {
    if (next.offer.isPresent()) {
      update(next.offer.get().without(worker));
    }
  }

  private void update(SnapshotOffer offer) {
    boolean wasReady = next.offer.orElseThrow().isReady();
    next.offer = Optional.of(offer);
    if (offer.isVoid()) {
      next.offer = Optional.empty();
      next.peers.replaceAll(
          (worker, peer) -> isWaitingFor(offer, peer) ? peer.as(Standing.BEHIND) : peer);
    } else if (offer.isReady() && !wasReady) {
      sendTo(
          next.peers.values().stream()
              .filter(peer -> isWaitingFor(offer, peer))
              .map(Peer::worker)
              .toList());
    }
  }

  private static boolean isWaitingFor(SnapshotOffer offer, Peer peer) {
    return peer.standing() == Standing.CATCHING_UP && peer.snapshot().equals(offer.step());
  }

  private void sendTo(List<WorkerId> joiners) {
    SnapshotOffer offer = next.offer.orElseThrow();
    next.tell(
        joiners,
        new WorkerMessage.FetchSnapshot(
            next.term(),
            offer.step(),
            offer.files(),
            offer.donors().stream().map(d -> next.peers.get(d).seat()).toList()));
  }

  void forgetIfDone() {
    boolean inUse =
        next.peers.values().stream().anyMatch(p -> p.standing() == Standing.CATCHING_UP);
    if (!inUse) {
      next.offer = Optional.empty();
    }
  }

  private void goOnIfPaused() {
    if (next.phase == Phase.PAUSED) {
      next.proceed();
    }
  }
}
