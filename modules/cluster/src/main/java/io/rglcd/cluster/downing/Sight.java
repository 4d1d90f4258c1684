package io.rglcd.cluster.downing;

import java.util.HashSet;
import java.util.Set;

/**
 * What a node sees of its cluster.
 *
 * @param coordinators that can be reached, this node among them if it is one; also those that are
 *     joining
 * @param lostCoordinators that cannot, and have not been given up
 * @param lost all members that one of the others cannot reach
 * @param <M> a member
 */
public record Sight<M>(Set<M> coordinators, Set<M> lostCoordinators, Set<M> lost) {

  /** Copies the sets. */
  public Sight {
    coordinators = Set.copyOf(coordinators);
    lostCoordinators = Set.copyOf(lostCoordinators);
    lost = Set.copyOf(lost);
  }

  /** Members that cannot be reached and are not coordinators that somebody has yet to give up. */
  Set<M> otherLost() {
    Set<M> others = new HashSet<>(lost);
    others.removeAll(lostCoordinators);
    return others;
  }
}
