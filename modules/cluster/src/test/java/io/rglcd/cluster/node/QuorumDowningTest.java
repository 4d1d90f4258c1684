package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.util.Version;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.Set$;

class QuorumDowningTest {

  private final Address lost = new Address("akka", NodeConfig.SYSTEM, "a", 1);
  private final Address down = new Address("akka", NodeConfig.SYSTEM, "b", 1);
  private final Address gone = new Address("akka", NodeConfig.SYSTEM, "c", 1);
  private final Address near = new Address("akka", NodeConfig.SYSTEM, "d", 1);

  @Test
  void whoIsDownOrNoMemberAnyMoreIsNotGivenUpAgain() {
    List<Member> members =
        List.of(
            member(lost, MemberStatus.up()),
            member(down, MemberStatus.down()),
            member(near, MemberStatus.up()));
    assertThat(QuorumDowning.notDown(Set.of(lost, down, gone), members)).containsExactly(lost);
  }

  private static Member member(Address address, MemberStatus status) {
    return new Member(new UniqueAddress(address, 1L), 1, status, roles(), Version.Zero());
  }

  /** Akka asks for the role that names the data centre. */
  private static scala.collection.immutable.Set<String> roles() {
    scala.collection.immutable.Set<String> none = Set$.MODULE$.empty();
    return none.$plus("dc-default");
  }
}
