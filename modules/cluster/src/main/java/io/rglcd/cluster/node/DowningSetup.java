package io.rglcd.cluster.node;

import akka.actor.Address;
import akka.actor.setup.Setup;
import io.rglcd.cluster.downing.DowningPolicy;
import java.util.Optional;

/** What {@link QuorumDowning}, which Akka makes, is to carry out in an actor system. */
final class DowningSetup extends Setup {

  private final DowningPolicy<Address> policy;
  private final Optional<LeaseDesk> desk;

  /**
   * What to carry out.
   *
   * @param desk does what the policy wishes with its lease, if it has one here
   */
  DowningSetup(DowningPolicy<Address> policy, Optional<LeaseDesk> desk) {
    this.policy = policy;
    this.desk = desk;
  }

  DowningPolicy<Address> policy() {
    return policy;
  }

  Optional<LeaseDesk> desk() {
    return desk;
  }
}
