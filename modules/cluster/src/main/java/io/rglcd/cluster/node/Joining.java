package io.rglcd.cluster.node;

import akka.actor.Address;
import akka.actor.AddressFromURIString;
import akka.actor.typed.ActorSystem;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.JoinSeedNodes;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import java.time.Duration;
import java.util.List;

/**
 * Makes a node look for its cluster. Seed nodes are the actor system's own affair. Discovery asks
 * coordinators only; so that coordinators who come back find the cluster of the workers that wait
 * for them, the members that were last known are asked first, longer where one may be alive.
 */
final class Joining {

  private static final Duration KNOWN_MEMBERS = Duration.ofSeconds(10);

  private Joining() {}

  static void begin(ActorSystem<?> system, NodeOptions options, LastMembers last) {
    if (options.discovery() instanceof Discovery.SeedNodes) {
      return;
    }
    if (last.addresses().isEmpty()) {
      ClusterBootstrap.get(system).start();
      return;
    }
    Cluster cluster = Cluster.get(system);
    List<Address> addresses =
        last.addresses().stream()
            .map(NodeConfig::address)
            .map(AddressFromURIString::parse)
            .toList();
    cluster.manager().tell(new JoinSeedNodes(addresses));
    system
        .scheduler()
        .scheduleOnce(
            last.mayBeAlive() ? LastMembers.PATIENCE : KNOWN_MEMBERS,
            () -> {
              if (cluster.selfMember().status().equals(MemberStatus.removed())) {
                ClusterBootstrap.get(system).start();
              }
            },
            system.executionContext());
  }
}
