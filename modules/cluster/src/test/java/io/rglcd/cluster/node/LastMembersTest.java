package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.TestPorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastMembersTest {

  private final String gone = "127.0.0.1:" + TestPorts.free();

  @Test
  void memberThatListensMayBeAliveAndIsAskedAlone() throws Exception {
    try (ServerSocket member = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String alive = "127.0.0.1:" + member.getLocalPort();
      LastMembers last = LastMembers.look(List.of("self:1", gone, alive), "self:1");
      assertThat(last.mayBeAlive()).isTrue();
      assertThat(last.addresses()).containsExactly(alive);
    }
  }

  @Test
  void memberThatRefusesIsGoneAndThisNodeMayFoundACluster() {
    LastMembers last = LastMembers.look(List.of("self:1", gone), "self:1");
    assertThat(last.mayBeAlive()).isFalse();
    assertThat(last.addresses()).containsExactly("self:1", gone);
  }

  @Test
  void memberThatCannotBeReachedMayBeAlive() {
    assertThat(LastMembers.look(List.of("member.invalid:1"), "self:1").mayBeAlive()).isTrue();
  }

  @Test
  void thisNodeIsNotAskedWhetherItIsAlive() throws Exception {
    try (ServerSocket own = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String self = "127.0.0.1:" + own.getLocalPort();
      assertThat(LastMembers.look(List.of(self), self).mayBeAlive()).isFalse();
      assertThat(LastMembers.look(List.of(), self).mayBeAlive()).isFalse();
    }
  }
}
