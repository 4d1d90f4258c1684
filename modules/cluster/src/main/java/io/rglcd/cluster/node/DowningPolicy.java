package io.rglcd.cluster.node;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whom a node gives up: members that nobody has reached for a while. Where enough coordinators see
 * each other they decide, soon. A side without a quorum gives up whom it has not reached for long,
 * and waits: nobody new can take the place of one who is neither there nor given up, not even a
 * coordinator that comes back. That no two sides go on is ensured by the log's terms, not here.
 *
 * @param <M> a member
 */
final class DowningPolicy<M> {

  /** A side without a quorum waits so many times longer, to be given up first if others go on. */
  static final int PATIENCE = 4;

  private final int quorum;
  private final boolean coordinator;
  private final Duration stableAfter;
  private final Map<M, Long> unreachableSince = new HashMap<>();

  /**
   * A policy that has seen nothing yet.
   *
   * @param quorum coordinators that must see each other
   * @param coordinator whether this node is one of them
   * @param stableAfter how long a member must be unreachable without a break
   */
  DowningPolicy(int quorum, boolean coordinator, Duration stableAfter) {
    this.quorum = quorum;
    this.coordinator = coordinator;
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
    boolean decided = coordinators >= quorum;
    if (decided && !coordinator) {
      return Set.of();
    }
    long patience = stableAfter.toNanos() * (decided ? 1 : PATIENCE);
    Set<M> lost = new HashSet<>();
    unreachableSince.forEach(
        (member, since) -> {
          if (now - since >= patience) {
            lost.add(member);
          }
        });
    return lost;
  }
}
