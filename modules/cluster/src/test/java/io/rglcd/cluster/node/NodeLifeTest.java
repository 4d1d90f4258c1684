package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.cluster.TestPorts;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.actor.NodeContext;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLifeTest {

  @TempDir private Path folder;

  @Test
  void takenPortIsNamed() throws Exception {
    try (ServerSocket taken = listen(0)) {
      String where = "127.0.0.1:" + taken.getLocalPort();
      assertThatThrownBy(() -> start(taken.getLocalPort(), 0, UnaryOperator.identity()))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              "port %s is taken (expected: a free one; end what uses it or give another)", where);
    }
  }

  @Test
  void failedStartSaysWhyAndLeavesThePortsFree() throws Exception {
    int port = TestPorts.free();
    int data = TestPorts.free();
    assertThatThrownBy(() -> start(port, data, failing(new TimeoutException("too slow"))))
        .isInstanceOf(TrainingException.class)
        .hasMessage("node node did not start: too slow");
    assertThatThrownBy(() -> start(port, data, failing(new AssertionError("broken"))))
        .isInstanceOf(AssertionError.class)
        .hasMessage("broken");
    listen(port).close();
    listen(data).close();
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  private static UnaryOperator<NodeContext> failing(Throwable failure) {
    return parts -> {
      Undeclared.fail(failure);
      return parts;
    };
  }

  private void start(int port, int dataPort, UnaryOperator<NodeContext> parts) {
    NodeOptions options =
        new NodeOptions(
            "node",
            Set.of(Role.COORDINATOR),
            0,
            "127.0.0.1",
            port,
            0,
            new Discovery.SeedNodes(List.of("127.0.0.1:" + port)),
            new Downing.StaticQuorum(1),
            Optional.empty(),
            Duration.ofSeconds(2),
            DataPlaneOptions.of("node", "127.0.0.1", dataPort, dataPort, "secret"),
            folder.resolve("log"),
            folder.resolve("scratch"));
    NodeWork work =
        new NodeWork(
            FakeRun.settings(folder, 1, 1, FakeRun.CHECKPOINTS, "7"),
            FakeRun.replicas(0),
            FakeRun.source(),
            event -> {},
            parts);
    ClusterNode.start(options, work);
  }
}
