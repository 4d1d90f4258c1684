package io.rglcd.cluster.node;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whom a coordinator's node gives up: members that nobody has reached for a while, as long as
 * enough coordinators see each other. A side without a quorum gives nobody up and waits: its
 * workers keep what they have computed until coordinators come back. That no two sides go on is
 * ensured by the log's terms, not here.
 *
 * @param <M> a member
 */
final class DowningPolicy<M> {

  private final int quorum;
  private final Duration stableAfter;
  private final Map<M, Long> unreachableSince = new HashMap<>();

  /**
   * A policy that has seen nothing yet.
   *
   * @param quorum coordinators that must see each other
   * @param stableAfter how long a member must be unreachable without a break
   */
  DowningPolicy(int quorum, Duration stableAfter) {
    this.quorum = quorum;
    this.stableAfter = stableAfter;
  }

  /**
   * Who is to be given up now.
   *
   * @param unreachable members, as one of the others says
   * @param coordinators that this node sees, itself among them, also those that are joining
   * @param now nanoseconds of a monotonic clock
   */
  Set<M> look(Set<M> unreachable, long coordinators, long now) {
    unreachableSince.keySet().retainAll(unreachable);
    unreachable.forEach(member -> unreachableSince.putIfAbsent(member, now));
    if (coordinators < quorum) {
      return Set.of();
    }
    Set<M> lost = new HashSet<>();
    unreachableSince.forEach(
        (member, since) -> {
          if (now - since >= stableAfter.toNanos()) {
            lost.add(member);
          }
        });
    return lost;
  }
}
