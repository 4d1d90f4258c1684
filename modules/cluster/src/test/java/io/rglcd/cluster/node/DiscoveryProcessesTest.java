package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.TestPorts;
import io.rglcd.cluster.kubernetes.MockKubernetesApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, each with an address of its own, that find each other without seed nodes. */
@Timeout(240)
class DiscoveryProcessesTest {

  private static final long STEPS = 5;

  @TempDir private Path folder;
  private final int management = TestPorts.free();
  private final List<NodeProcess> nodes = new ArrayList<>();

  @AfterEach
  void end() {
    nodes.forEach(NodeProcess::close);
  }

  @Test
  void coordinatorsFindEachOtherThroughTheKubernetesApiAndFormOneCluster() throws Exception {
    try (MockKubernetesApi api = new MockKubernetesApi(folder.resolve("account"))) {
      List<String> addresses = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
      addresses.forEach(address -> api.addPod("coordinator", address, management));
      api.addPod("worker", "127.0.0.4", management);
      String discovery = "kubernetes=2=" + MockKubernetesApi.CLUSTER;
      for (String address : addresses) {
        start(api.container(), "coordinator", address, discovery, 2);
      }
      start(api.container(), "worker", "127.0.0.4", discovery, 2);
      awaitEnd();
      assertThat(nodes.stream().filter(node -> node.says("JOINING itself")))
          .as("one founded it")
          .hasSize(1);
      assertThat(nodes).allSatisfy(node -> assertThat(node.exitCode()).isZero());
    }
  }

  @Test
  void workerDoesNotFoundAClusterButACoordinatorDoes() throws Exception {
    try (MockKubernetesApi api = new MockKubernetesApi(folder.resolve("account"))) {
      String discovery = "kubernetes=1=" + MockKubernetesApi.CLUSTER;
      NodeProcess worker = start(api.container(), "worker", "127.0.0.4", discovery, 1);
      worker.await("asks the API", () -> worker.says("Looking up"));
      api.addPod("coordinator", "127.0.0.1", management);
      worker.await("asks who does not answer", () -> worker.says("Probing"));
      assertThat(worker.said()).doesNotContain("JOINING itself").doesNotContain("Welcome from");
      NodeProcess coordinator = start(api.container(), "coordinator", "127.0.0.1", discovery, 1);
      awaitEnd();
      assertThat(coordinator.said()).contains("JOINING itself");
      assertThat(worker.said()).contains("Welcome from").doesNotContain("JOINING itself");
    }
  }

  @Test
  void coordinatorsAreFoundByConfiguredEndpoints() throws Exception {
    String discovery = "config=2=127.0.0.1:" + management + ",127.0.0.2:" + management;
    start(List.of(), "coordinator", "127.0.0.1", discovery, 2);
    start(List.of(), "coordinator", "127.0.0.2", discovery, 2);
    start(List.of(), "worker", "127.0.0.4", discovery, 2);
    awaitEnd();
  }

  @Test
  void coordinatorsAreFoundByTheAddressesOfAName() throws Exception {
    try (TinyDns dns = new TinyDns(List.of("127.0.0.1", "127.0.0.2"))) {
      String discovery = "dns=2=coordinators.example";
      start(dns.client(), "coordinator", "127.0.0.1", discovery, 2);
      start(dns.client(), "coordinator", "127.0.0.2", discovery, 2);
      start(dns.client(), "worker", "127.0.0.4", discovery, 2);
      awaitEnd();
      assertThat(nodes.stream().filter(node -> node.says("JOINING itself")))
          .as("one founded it")
          .hasSize(1);
    }
  }

  private NodeProcess start(
      List<String> prefix, String role, String address, String discovery, int quorum) {
    NodeProcess node =
        new NodeProcess(
            prefix,
            folder.resolve("node-" + nodes.size() + ".txt"),
            List.of(
                role + nodes.size(),
                role,
                "0",
                discovery,
                Integer.toString(quorum),
                folder.resolve("run").toString(),
                Long.toString(STEPS),
                "20",
                "7",
                "1",
                "host=" + address,
                "management=" + management));
    nodes.add(node);
    return node;
  }

  private String said() {
    return nodes.stream().map(NodeProcess::said).collect(Collectors.joining("\n---\n"));
  }

  private void awaitEnd() {
    Path last = CheckpointFiles.directory(folder.resolve("run"), STEPS);
    NodeProcess.awaitThat(
        () -> "the last checkpoint; said:\n" + said(),
        () -> Files.exists(last.resolve(CheckpointFiles.RUN)));
  }
}
