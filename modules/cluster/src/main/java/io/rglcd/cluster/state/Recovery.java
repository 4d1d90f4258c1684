package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import java.util.Comparator;
import java.util.Optional;

/** How a coordinator begins: who holds what the log says? */
final class Recovery {

  private final Decision next;

  Recovery(Decision next) {
    this.next = next;
  }

  /** Begins at once when all are there who are expected; a new run waits for its follower too. */
  void beginIfComplete() {
    boolean isNew = next.history.orElseThrow().committed().isEmpty();
    boolean follower =
        next.peers.containsKey(WorkerId.FOLLOWER) && next.peers.get(WorkerId.FOLLOWER).isLevel();
    if ((follower || !isNew) && next.workers().size() >= next.limits().workers()) {
      begin();
    }
  }

  /** Begins with those who are there, or goes back to the newest state that anybody holds. */
  void patienceEnds() {
    if (!next.workers().isEmpty()) {
      begin();
      return;
    }
    CommitHistory history = next.history.orElseThrow();
    Optional<StepNumber> newest =
        next.peers.values().stream()
            .map(Peer::holding)
            .filter(history::contains)
            .map(Holding::step)
            .max(Comparator.naturalOrder());
    boolean followerHasSpoken = next.peers.containsKey(WorkerId.FOLLOWER);
    if (followerHasSpoken && newest.isPresent()) {
      if (newest.get().equals(next.progress.step())) {
        begin();
      } else {
        next.phase = Phase.COMMITTING;
        next.effect(new Effect.Append(new HistoryRecord.Rewound(next.term(), newest.get())));
      }
    }
  }

  /** The log holds that the history is void after a step. */
  void rewound(HistoryRecord.Rewound record) {
    CommitHistory history = next.history.orElseThrow().until(record.to());
    long before = next.progress.step().value();
    next.history = Optional.of(history);
    next.progress = history.progress();
    next.report(new TrainingEvent.Rewound(before, record.to().value()));
    for (Peer peer : next.peers.values()) {
      if (next.progress.isHeldBy(peer.holding())) {
        next.put(peer.as(Standing.LEVEL));
      }
    }
    begin();
  }

  private void begin() {
    next.generation = next.generation.next();
    next.times = next.times.committed();
    next.report(new TrainingEvent.Started(next.progress.step().value(), next.workers()));
    next.proceed();
  }
}
