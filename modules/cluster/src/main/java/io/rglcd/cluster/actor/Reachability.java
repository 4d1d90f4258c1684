package io.rglcd.cluster.actor;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import java.util.HashSet;
import java.util.Set;

/** Which nodes this one sees, by the cluster's failure detector. */
public final class Reachability {

  private static final String COORDINATOR_ROLE = "coordinator";

  private final Cluster cluster;
  private Set<Address> unreachable = Set.of();
  private long coordinators;

  /** What a node sees now. */
  public Reachability(ActorSystem<?> system) {
    this.cluster = Cluster.get(system);
    refresh();
  }

  /** Looks again. */
  public void refresh() {
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

  /** Whether enough coordinators see each other, this node among them if it is one. */
  public boolean hasQuorum(int quorum) {
    return coordinators >= quorum;
  }

  /** Whether this node is a full member of a cluster. */
  public boolean isMember() {
    return cluster.selfMember().status().equals(MemberStatus.up());
  }

  /** Takes this node out of the cluster without asking anybody; its actor system ends. */
  public void leaveAtOnce() {
    cluster.manager().tell(new Down(cluster.selfMember().address()));
  }

  /** Whether all that there is can be reached. */
  public boolean isWhole() {
    return unreachable.isEmpty();
  }

  boolean canReach(ActorRef<?> ref) {
    return !unreachable.contains(ref.path().address());
  }
}
