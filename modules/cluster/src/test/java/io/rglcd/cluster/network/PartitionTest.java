package io.rglcd.cluster.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.kubernetes.MockKubernetesApi;
import io.rglcd.cluster.node.FakeRun;
import io.rglcd.cluster.node.NodeProcess;
import io.rglcd.cluster.node.Place;
import io.rglcd.cluster.node.TestCluster;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose network is cut, late and lossy. */
@Timeout(240)
class PartitionTest {

  private static final long STEPS = 40;
  private static final long FEW_STEPS = 20;

  @TempDir static Path folder;

  @BeforeAll
  static void runUndisturbed() {
    Torch.setIntraOpThreads(1);
    FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS);
  }

  private static Path undisturbed(long steps) {
    return CheckpointFiles.directory(folder.resolve("undisturbed"), steps);
  }

  private static long commits(NodeProcess coordinator) {
    return coordinator.said().lines().filter(line -> line.contains("StepCommitted")).count();
  }

  private static List<Place> places(Namespaces network, int count) {
    return IntStream.range(0, count).mapToObj(network::place).toList();
  }

  @Test
  void sideWithoutQuorumStopsAndComesBackWhenTheNetworkDoes() throws Exception {
    try (Namespaces network = Namespaces.open(5);
        TestCluster cluster =
            new TestCluster(folder.resolve("cut"), places(network, 3), STEPS, 200)) {
      List<Place> places = places(network, 5);
      NodeProcess driving = cluster.coordinator(0);
      NodeProcess second = cluster.coordinator(1);
      NodeProcess third = cluster.coordinator(2);
      second.awaitMember();
      third.awaitMember();
      NodeProcess cut = cluster.worker(places.get(3));
      NodeProcess other = cluster.worker(places.get(4));
      cut.await("the worker to be cut off computes", () -> cut.says("computed "));
      other.await("the other worker computes", () -> other.says("computed "));
      cluster.awaitStep(cluster.step() + 3);
      network.cutOff(0, 3);
      NodeProcess.awaitThat(
          "the side with a quorum goes on", () -> commits(second) + commits(third) > 0);
      long driven = commits(driving);
      cluster.awaitStep(cluster.step() + 4);
      assertThat(commits(driving)).as("commits of the side without quorum").isEqualTo(driven);
      String before = cut.said();
      network.heal(0, 3);
      cut.await(
          "the worker that was cut off computes again",
          () -> cut.said().substring(before.length()).contains("computed "));
      cluster.awaitEnd();
      assertThat(driving.exitCode()).isZero();
      assertThat(cut.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed(STEPS));
    }
  }

  @Test
  void ofOneCoordinatorOnEachSideTheOneWithTheLeaseGoesOn() throws Exception {
    Path socket = folder.resolve("api");
    try (Namespaces network = Namespaces.open(4);
        MockKubernetesApi api = new MockKubernetesApi(folder.resolve("account"));
        Tunnel tunnel = Tunnel.toPort(socket, api.port());
        TestCluster cluster =
            new TestCluster(folder.resolve("lease"), pods(network, api, 2), STEPS, 200)
                .decidedByLease("rglcd-coordinators")) {
      String way = "tunnel=" + tunnel.ends();
      List<NodeProcess> coordinators =
          List.of(cluster.coordinator(0, way), cluster.coordinator(1, way));
      coordinators.get(1).awaitMember();
      List<NodeProcess> workers =
          List.of(cluster.worker(network.place(2)), cluster.worker(network.place(3)));
      for (NodeProcess worker : workers) {
        worker.await("it computes", () -> worker.says("computed "));
      }
      NodeProcess.awaitThat(
          "nobody holds the lease while both see each other", () -> holder(api).isEmpty());
      network.cutOff(0, 2);
      NodeProcess.awaitThat("one of them holds the lease", () -> !holder(api).isEmpty());
      int winner = holder(api).startsWith("coordinator0-") ? 0 : 1;
      NodeProcess ahead = coordinators.get(winner);
      NodeProcess behind = coordinators.get(1 - winner);
      long before = commits(ahead);
      ahead.await("it goes on", () -> commits(ahead) > before + 1);
      long stopped = commits(behind);
      ahead.await("it goes on", () -> commits(ahead) > before + 4);
      assertThat(commits(behind)).as("commits without the lease").isEqualTo(stopped);
      network.heal(0, 2);
      cluster.hurryToTheEnd();
      for (NodeProcess node : coordinators) {
        assertThat(node.exitCode()).isZero();
      }
      for (NodeProcess node : workers) {
        assertThat(node.exitCode()).isZero();
      }
      cluster.assertNothingLostAndNothingTwice(undisturbed(STEPS));
    }
  }

  private static List<Place> pods(Namespaces network, MockKubernetesApi api, int count) {
    return places(network, count).stream()
        .map(
            place -> {
              List<String> prefix = new ArrayList<>(place.prefix());
              prefix.addAll(api.container());
              return new Place(place.host(), prefix);
            })
        .toList();
  }

  private static String holder(MockKubernetesApi api) {
    return api.lease("rglcd-coordinators").map(LeaseSpec::getHolderIdentity).orElse("");
  }

  @Test
  void lostAndLatePacketsCostTimeAndNothingElse() throws Exception {
    long delayMillis = 10;
    try (Namespaces network = Namespaces.openBad(4, 1, 2, delayMillis);
        TestCluster cluster =
            new TestCluster(folder.resolve("bad"), places(network, 1), FEW_STEPS, 20)) {
      NodeProcess coordinator = cluster.coordinator(0);
      List<NodeProcess> workers =
          places(network, 4).subList(1, 4).stream().map(cluster::worker).toList();
      cluster.awaitStep(FEW_STEPS / 2);
      assertThat(network.leastRoundTrips(0))
          .as("ms there and back, at best, on each connection of the run")
          .isNotEmpty()
          .allMatch(millis -> millis >= 4 * delayMillis);
      cluster.awaitEnd();
      assertThat(coordinator.exitCode()).isZero();
      for (NodeProcess worker : workers) {
        assertThat(worker.exitCode()).isZero();
        assertThat(worker.said()).contains("computed ");
      }
      assertThat(counted(network, "RetransSegs"))
          .as("segments sent again, and not in vain")
          .isGreaterThan(counted(network, "TCPDSACKRecv"));
      assertThat(counted(network, "TCPSACKReorder")).as("segments overtaken").isPositive();
      cluster.assertNothingLostAndNothingTwice(undisturbed(FEW_STEPS));
    }
  }

  private static long counted(Namespaces network, String name) {
    return IntStream.range(0, 4).mapToLong(machine -> network.counted(machine, name)).sum();
  }
}
