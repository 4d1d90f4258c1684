package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.CoordinatorMessage.SnapshotFailed;
import io.rglcd.cluster.protocol.CoordinatorMessage.SnapshotOffered;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import java.util.Comparator;
import java.util.List;
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
    List<Peer> behind =
        next.peers.values().stream().filter(p -> p.standing() == Standing.BEHIND).toList();
    if (behind.isEmpty() || next.level().findAny().isEmpty()) {
      return;
    }
    StepNumber step = next.progress.step();
    if (!next.offers.containsKey(step)) {
      List<WorkerId> donors =
          next.level()
              .sorted(FOLLOWER_FIRST)
              .limit(next.limits().snapshotDonors())
              .map(Peer::worker)
              .toList();
      next.offers.put(
          step, new SnapshotOffer(step, next.progress.checksum(), new TreeSet<>(donors), Set.of()));
      ask(donors, step);
    }
    for (Peer peer : behind) {
      next.put(peer.catchingUpFrom(step));
      send(peer.worker(), next.offers.get(step));
    }
  }

  private void ask(List<WorkerId> donors, StepNumber step) {
    StepNumber keepFrom = next.offers.isEmpty() ? step : next.offers.firstKey();
    next.tell(donors, new WorkerMessage.OfferSnapshot(next.term(), step, keepFrom));
  }

  /** Tells a replica from where it is to follow, and where the snapshot is if it is there. */
  private void send(WorkerId joiner, SnapshotOffer offer) {
    next.tell(
        List.of(joiner), new WorkerMessage.Follow(next.term(), offer.step(), offer.checksum()));
    if (offer.isReady()) {
      next.tell(
          List.of(joiner),
          new WorkerMessage.FetchSnapshot(
              next.term(),
              offer.step(),
              offer.donors().stream().map(d -> next.peers.get(d).seat()).toList()));
    }
  }

  /** Time has passed: what was lost on the way is said again, what failed is tried again. */
  void repeat() {
    if (next.phase == Phase.COMPUTING) {
      offerToThoseBehind();
    }
    for (SnapshotOffer offer : next.offers.values()) {
      ask(List.copyOf(offer.asked()), offer.step());
      waitingFor(offer).forEach(peer -> send(peer.worker(), offer));
    }
  }

  void offered(SnapshotOffered message) {
    SnapshotOffer offer = next.offers.get(message.step());
    if (offer != null && offer.asked().contains(message.worker())) {
      update(offer, offer.offered(message.worker()));
    }
  }

  void failed(SnapshotFailed message) {
    Peer peer = next.peers.get(message.worker());
    SnapshotOffer offer = next.offers.get(message.step());
    if (peer != null
        && peer.standing() == Standing.CATCHING_UP
        && peer.snapshot().equals(message.step())) {
      next.put(peer.as(Standing.BEHIND));
      next.offers.remove(message.step());
      waitingFor(message.step()).forEach(p -> next.put(p.as(Standing.BEHIND)));
    } else if (offer != null) {
      update(offer, offer.without(message.worker()));
    }
  }

  /** A replica is gone: it neither offers nor fetches any more. */
  void lost(WorkerId worker) {
    for (SnapshotOffer offer : List.copyOf(next.offers.values())) {
      update(offer, offer.without(worker));
    }
  }

  private void update(SnapshotOffer before, SnapshotOffer offer) {
    next.offers.put(offer.step(), offer);
    if (offer.isVoid()) {
      next.offers.remove(offer.step());
      waitingFor(offer).forEach(peer -> next.put(peer.as(Standing.BEHIND)));
    } else if (offer.isReady() && !before.isReady()) {
      waitingFor(offer).forEach(peer -> send(peer.worker(), offer));
    }
    forgetUnused();
  }

  private List<Peer> waitingFor(SnapshotOffer offer) {
    return waitingFor(offer.step());
  }

  private List<Peer> waitingFor(StepNumber step) {
    return next.peers.values().stream()
        .filter(p -> p.standing() == Standing.CATCHING_UP && p.snapshot().equals(step))
        .toList();
  }

  /** Ends offers that nobody waits for. */
  void forgetUnused() {
    next.offers.keySet().removeIf(step -> waitingFor(step).isEmpty());
  }
}
