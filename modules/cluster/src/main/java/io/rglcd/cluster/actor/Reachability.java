package io.rglcd.cluster.actor;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import io.rglcd.cluster.downing.DowningPolicy;
import io.rglcd.cluster.downing.Mandate;
import io.rglcd.cluster.downing.Sight;
import java.util.HashSet;
import java.util.Set;

/** Which nodes this one sees, by the cluster's failure detector, and what that lets it do. */
public final class Reachability {

  private static final String COORDINATOR_ROLE = "coordinator";

  private final Cluster cluster;
  private final DowningPolicy<Address> policy;
  private Sight<Address> sight;

  /** What a node sees now. */
  public Reachability(ActorSystem<?> system, DowningPolicy<Address> policy) {
    this.cluster = Cluster.get(system);
    this.policy = policy;
    refresh();
  }

  /** Looks again. */
  public void refresh() {
    sight = sight(cluster.state());
  }

  /** What a state of the cluster shows. */
  public static Sight<Address> sight(ClusterEvent.CurrentClusterState state) {
    Set<Address> lost = new HashSet<>();
    state.getUnreachable().forEach(member -> lost.add(member.address()));
    Set<Address> coordinators = new HashSet<>();
    Set<Address> lostCoordinators = new HashSet<>();
    for (Member member : state.getMembers()) {
      if (member.hasRole(COORDINATOR_ROLE) && !member.status().equals(MemberStatus.down())) {
        if (!lost.contains(member.address())) {
          coordinators.add(member.address());
        } else if (!member.status().equals(MemberStatus.exiting())) {
          lostCoordinators.add(member.address());
        }
      }
    }
    return new Sight<>(coordinators, lostCoordinators, lost);
  }

  /** Whether this side may begin a term, and speak for the cluster. */
  public boolean mayBegin() {
    return policy.mandate(sight) == Mandate.GIVEN;
  }

  /** Whether a coordinator of this side may go on with its term. */
  public boolean mayGoOn() {
    return policy.mandate(sight) != Mandate.DENIED;
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
    return sight.lost().isEmpty();
  }

  boolean canReach(ActorRef<?> ref) {
    return !sight.lost().contains(ref.path().address());
  }
}
