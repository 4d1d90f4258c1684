package io.rglcd.cluster.actor;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.util.HashSet;
import java.util.Set;

/** Which nodes this one sees, by the cluster's failure detector. */
final class Reachability {

  private static final String COORDINATOR_ROLE = "coordinator";

  private final Cluster cluster;
  private Set<Address> unreachable = Set.of();
  private long coordinators;

  Reachability(ActorSystem<?> system) {
    this.cluster = Cluster.get(system);
    refresh();
  }

  void refresh() {
    ClusterEvent.CurrentClusterState state = cluster.state();
    Set<Address> lost = new HashSet<>();
    state.getUnreachable().forEach(member -> lost.add(member.address()));
    unreachable = lost;
    long count = 0;
    for (Member member : state.getMembers()) {
      if (member.hasRole(COORDINATOR_ROLE)
          && !lost.contains(member.address())
          && !member.status().equals(MemberStatus.down())) {
        count++;
      }
    }
    coordinators = count;
  }

  /** Coordinators that this node sees, itself among them. */
  long coordinators() {
    return coordinators;
  }

  boolean canReach(ActorRef<?> ref) {
    return !unreachable.contains(ref.path().address());
  }
}
