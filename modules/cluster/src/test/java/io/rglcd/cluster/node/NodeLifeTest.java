package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLifeTest {

  @Test
  void takenPortIsNamed(@TempDir Path folder) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String where = "127.0.0.1:" + taken.getLocalPort();
      NodeOptions options =
          new NodeOptions(
              "node",
              Set.of(Role.COORDINATOR),
              0,
              "127.0.0.1",
              taken.getLocalPort(),
              0,
              new Discovery.SeedNodes(List.of(where)),
              new Downing.StaticQuorum(1),
              Optional.empty(),
              Duration.ofSeconds(2),
              DataPlaneOptions.of("node", "127.0.0.1", 0, 0, "secret"),
              folder.resolve("log"),
              folder.resolve("scratch"));
      assertThatThrownBy(
              () ->
                  ClusterNode.start(
                      options,
                      FakeRun.settings(folder, 1, 1, "7"),
                      FakeRun.replicas(0),
                      FakeRun.source(),
                      event -> {}))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              "port %s is taken (expected: a free one; end what uses it or give another)", where);
    }
  }
}
