package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A replica on its way to the others' state: it fetches a snapshot and keeps the mean gradients
 * since.
 *
 * @param from step of the snapshot
 * @param checksum of the mean gradient applied last in it
 * @param kept mean gradients after it, one a step, ascending without gaps
 * @param fetching whether the snapshot is on its way
 * @param committed how many of these are committed, from the first
 */
record CatchUp(
    StepNumber from, long checksum, boolean fetching, List<Prepared> kept, int committed) {

  CatchUp {
    kept = List.copyOf(kept);
  }

  static CatchUp from(StepNumber step, long checksum) {
    return new CatchUp(step, checksum, false, List.of(), 0);
  }

  CatchUp asFetching() {
    return new CatchUp(from, checksum, true, kept, committed);
  }

  /** Whether this is the step after all that are committed. */
  boolean wants(StepKey key) {
    return key.step().value() == from.value() + committed + 1;
  }

  private boolean isFull() {
    return kept.size() > committed;
  }

  CatchUp with(Prepared mean) {
    List<Prepared> more = new ArrayList<>(kept.subList(0, committed));
    more.add(mean);
    return new CatchUp(from, checksum, fetching, more, committed);
  }

  /** The same with the next one committed, if that is the one that is kept. */
  Optional<CatchUp> with(Commit commit) {
    boolean isNext =
        isFull() && kept.get(committed).equals(new Prepared(commit.key(), commit.checksum()));
    return isNext
        ? Optional.of(new CatchUp(from, checksum, fetching, kept, committed + 1))
        : Optional.empty();
  }

  /** Whether a commit tells nothing new. */
  boolean hasSeen(Commit commit) {
    return commit.key().step().value() <= from.value() + committed;
  }

  List<Prepared> toApply() {
    return kept.subList(0, committed);
  }

  Optional<Prepared> last() {
    return isFull() ? Optional.of(kept.get(committed)) : Optional.empty();
  }
}
