package io.rglcd.cluster.downing;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Since when members cannot be reached, each by its own clock.
 *
 * @param <M> a member
 */
final class Absences<M> {

  private final Map<M, Long> since = new HashMap<>();

  /** Notes who is lost; who is not any more has never been. */
  void note(Set<M> lost, long now) {
    since.keySet().retainAll(lost);
    lost.forEach(member -> since.putIfAbsent(member, now));
  }

  /** Those of some members who have been lost for so long without a break. */
  Set<M> lostFor(Duration time, Set<M> of, long now) {
    Set<M> members = new HashSet<>();
    since.forEach(
        (member, begin) -> {
          if (of.contains(member) && now - begin >= time.toNanos()) {
            members.add(member);
          }
        });
    return members;
  }
}
