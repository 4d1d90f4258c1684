package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import java.util.Set;
import java.util.TreeSet;

/**
 * A snapshot that replicas were asked to offer to those who are behind.
 *
 * @param step of the state
 * @param checksum of the mean gradient applied last in it
 * @param asked who has not answered yet
 * @param donors who offer it
 */
record SnapshotOffer(StepNumber step, long checksum, Set<WorkerId> asked, Set<WorkerId> donors) {

  SnapshotOffer offered(WorkerId donor) {
    return new SnapshotOffer(step, checksum, without(asked, donor), plus(donors, donor));
  }

  SnapshotOffer without(WorkerId lost) {
    return new SnapshotOffer(step, checksum, without(asked, lost), without(donors, lost));
  }

  boolean isReady() {
    return asked.isEmpty() && !donors.isEmpty();
  }

  boolean isVoid() {
    return asked.isEmpty() && donors.isEmpty();
  }

  private static Set<WorkerId> without(Set<WorkerId> set, WorkerId worker) {
    Set<WorkerId> rest = new TreeSet<>(set);
    rest.remove(worker);
    return rest;
  }

  private static Set<WorkerId> plus(Set<WorkerId> set, WorkerId worker) {
    Set<WorkerId> more = new TreeSet<>(set);
    more.add(worker);
    return more;
  }
}
