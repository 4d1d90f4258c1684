package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Coordinators that die in each phase of a step, as real processes on loopback. */
@Timeout(240)
class CoordinatorFaultsTest {

  private static final long STEPS = 60;

  @TempDir static Path folder;
  private static Path undisturbed;

  @BeforeAll
  static void runUndisturbed() {
    Torch.setIntraOpThreads(1);
    undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
  }

  /** Each coordinator that drives the run dies in another phase, and comes back. */
  @Test
  void coordinatorsDieInEachPhaseAndNoStepIsLost() throws Exception {
    Deque<String> faults =
        new ArrayDeque<>(
            List.of(
                "fail=halt:planned:+3",
                "fail=halt:reduce:+3",
                "fail=halt:append:+3",
                "fail=halt:appended:+3",
                "fail=halt:apply:+3",
                "fail=halt:claim:+1"));
    try (TestCluster cluster = new TestCluster(folder.resolve("phases"), 3, STEPS, 200)) {
      cluster.expecting(2);
      List<NodeProcess> coordinators = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        coordinators.add(cluster.coordinator(i, faults.remove()));
      }
      NodeProcess first = cluster.worker();
      NodeProcess second = cluster.worker();
      int faulty = 6;
      while (faulty > 0) {
        int dead = awaitDeath(coordinators);
        faulty--;
        assertHalted(coordinators.get(dead));
        coordinators.set(
            dead,
            faults.isEmpty()
                ? cluster.coordinator(dead)
                : cluster.coordinator(dead, faults.remove()));
      }
      cluster.hurryToTheEnd();
      assertWell(cluster, first, second);
    }
  }

  private static void assertHalted(NodeProcess node) {
    assertThat(node.exitCode())
        .as(() -> "halted as planned; said at last:\n" + node.lastSaid())
        .isEqualTo(FailAt.HALTED);
  }

  private static int awaitDeath(List<NodeProcess> nodes) {
    NodeProcess.awaitThat(
        "one of the coordinators dies", () -> nodes.stream().anyMatch(node -> !node.isAlive()));
    return nodes.indexOf(nodes.stream().filter(node -> !node.isAlive()).findFirst().orElseThrow());
  }

  @Test
  void workersParkWhileTwoOfThreeAndThenAllCoordinatorsAreGone() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("gone"), 3, STEPS, 300)) {
      cluster.expecting(2);
      NodeProcess driving = cluster.coordinator(0, "fail=halt:appended:6");
      driving.await("it is the oldest", () -> driving.says("forming new cluster"));
      List<NodeProcess> others =
          List.of(
              cluster.coordinator(1, "fail=halt:claim:+1"),
              cluster.coordinator(2, "fail=halt:claim:+1"));
      NodeProcess first = cluster.worker();
      NodeProcess second = cluster.worker();
      assertHalted(driving);
      NodeProcess successor = others.get(awaitDeath(others));
      assertHalted(successor);
      assertThat(cluster.step()).as("the side without a quorum commits nothing").isEqualTo(6);
      List<NodeProcess> back = new ArrayList<>(List.of(cluster.coordinator(0)));
      back.add(cluster.coordinator(others.indexOf(successor) + 1));
      cluster.awaitStep(9);
      back.forEach(NodeProcess::kill);
      others.forEach(NodeProcess::kill);
      long reached = cluster.step();
      first.await("coordinators are missed", () -> first.says("UNREACHABLE"));
      for (int i = 0; i < 3; i++) {
        cluster.coordinator(i);
      }
      cluster.awaitStep(reached + 3);
      cluster.hurryToTheEnd();
      assertWell(cluster, first, second);
    }
  }

  private static void assertWell(TestCluster cluster, NodeProcess... workers) throws Exception {
    for (NodeProcess worker : workers) {
      assertThat(worker.exitCode()).isZero();
      worker.assertComputedNothingTwice();
    }
    cluster.assertStepNeverGoesBack();
    cluster.assertNothingLostAndNothingTwice(undisturbed);
  }
}
