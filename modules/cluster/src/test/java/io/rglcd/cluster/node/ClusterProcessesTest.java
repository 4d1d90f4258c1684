package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on loopback, killed, stopped and started again. */
@Timeout(240)
class ClusterProcessesTest {

  private static final long STEPS = 40;

  @TempDir static Path folder;
  private static Path undisturbed;

  @BeforeAll
  static void runUndisturbed() {
    Torch.setIntraOpThreads(1);
    undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
  }

  @Test
  void workersComeAndGoWhileTheRunGoesOn() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("elastic"), 1, STEPS, 600)) {
      cluster.coordinator(0);
      NodeProcess first = cluster.worker();
      cluster.awaitStep(2);
      NodeProcess second = cluster.worker();
      second.await("second computes", () -> second.says("computed "));
      NodeProcess third = cluster.worker();
      third.await("third computes", () -> third.says("computed "));
      second.terminate();
      assertThat(second.exitCode()).isIn(0, 143);
      first.terminate();
      first.await("the first has left", () -> !first.isAlive());
      cluster.hurryToTheEnd();
      assertThat(third.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void killedWorkerCostsOneAttempt() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("killed"), 1, STEPS, 300)) {
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess first = cluster.worker();
      NodeProcess second = cluster.worker();
      second.await("second computes", () -> second.says("computed "));
      cluster.awaitStep(6);
      second.kill();
      cluster.awaitStep(cluster.step() + 3);
      cluster.hurryToTheEnd();
      assertThat(first.exitCode()).isZero();
      assertThat(coordinator.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
      first.assertComputedNothingTwice();
    }
  }

  @Test
  void killedCoordinatorIsReplacedAndNoStepIsLost() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("failover"), 3, STEPS, 300)) {
      NodeProcess first = cluster.coordinator(0);
      NodeProcess second = cluster.coordinator(1);
      NodeProcess third = cluster.coordinator(2);
      NodeProcess worker = cluster.worker();
      cluster.worker();
      cluster.awaitStep(5);
      first.kill();
      long reached = cluster.step();
      cluster.awaitStep(reached + 5);
      assertThat(second.said() + third.said()).doesNotContain("Rewound");
      cluster.hurryToTheEnd();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
      worker.assertComputedNothingTwice();
    }
  }

  @Test
  void workersWaitForCoordinatorsThatComeBack() throws Exception {
    try (TestCluster cluster =
        new TestCluster(folder.resolve("orphans"), 1, STEPS, 400).expecting(2)) {
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess first = cluster.worker();
      NodeProcess second = cluster.worker();
      second.await("second computes", () -> second.says("computed "));
      cluster.awaitStep(5);
      coordinator.kill();
      first.await("the coordinator is missed", () -> first.says("UNREACHABLE"));
      long reached = cluster.step();
      NodeProcess again = cluster.coordinator(0);
      cluster.awaitStep(reached + 2);
      cluster.hurryToTheEnd();
      assertThat(again.said()).doesNotContain("Rewound");
      assertThat(first.exitCode()).isZero();
      assertThat(second.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void stoppedWorkerHoldsNobodyUpAndComesBack() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("straggler"), 1, STEPS, 400)) {
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess steady = cluster.worker();
      NodeProcess slow = cluster.worker();
      slow.await("slow computes", () -> slow.says("computed "));
      slow.signal("STOP");
      long reached = cluster.step();
      cluster.awaitStep(reached + 4);
      long before = computed(slow);
      slow.signal("CONT");
      slow.await("slow computes again", () -> computed(slow) > before);
      cluster.hurryToTheEnd();
      assertThat(steady.exitCode()).isZero();
      assertThat(coordinator.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void allNodesKilledGoOnFromTheNewestCheckpoint() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("all"), 1, STEPS, 60)) {
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess worker = cluster.worker();
      cluster.awaitStep(14);
      worker.kill();
      coordinator.kill();
      NodeProcess again = cluster.coordinator(0);
      cluster.worker();
      cluster.hurryToTheEnd();
      assertThat(again.said()).contains("Rewound");
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void twoOfThreeCoordinatorsComeBackAlthoughAWorkerDiedWithThem() throws Exception {
    try (TestCluster cluster =
        new TestCluster(folder.resolve("dead"), 3, STEPS, 200).expecting(2)) {
      List<NodeProcess> dying =
          List.of(cluster.coordinator(0), cluster.coordinator(1), cluster.coordinator(2));
      NodeProcess waiting = cluster.worker();
      NodeProcess other = cluster.worker();
      other.await("the other worker computes", () -> other.says("computed "));
      cluster.awaitStep(5);
      dying.forEach(NodeProcess::kill);
      other.kill();
      long reached = cluster.step();
      cluster.expecting(1);
      NodeProcess first = cluster.coordinator(0);
      NodeProcess second = cluster.coordinator(1);
      cluster.awaitStep(reached + 2);
      cluster.hurryToTheEnd();
      assertThat(waiting.exitCode()).isZero();
      assertThat(first.said() + second.said()).doesNotContain("Rewound");
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void nodeOfAnotherConfigurationIsRefusedByTheKey() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("refused"), 1, STEPS, 600)) {
      cluster.coordinator(0);
      cluster.worker();
      cluster.awaitStep(1);
      NodeProcess stranger = cluster.workerOfAnotherRun();
      assertThat(stranger.exitCode()).isEqualTo(1);
      assertThat(stranger.said())
          .containsPattern(
              "failed (this node's configuration differs from the coordinator's in seed"
                  + "|.* belongs to another run: seed is 7)");
      NodeProcess other = cluster.worker("device=gpu");
      assertThat(other.exitCode()).isEqualTo(1);
      assertThat(other.said())
          .contains(
              "failed this node's configuration differs from the coordinator's in devices (cpu or"
                  + " gpu)");
      cluster.hurryToTheEnd();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  private static long computed(NodeProcess node) {
    return node.said().lines().filter(line -> line.startsWith("computed ")).count();
  }
}
