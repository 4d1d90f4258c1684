package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on loopback, killed, stopped and started again. */
@Timeout(180)
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
    try (TestCluster cluster = new TestCluster(folder.resolve("elastic"), 1, STEPS, 250)) {
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
      cluster.awaitEnd();
      assertThat(third.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void killedWorkerCostsOneAttempt() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("killed"), 1, STEPS, 60)) {
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess first = cluster.worker();
      NodeProcess second = cluster.worker();
      second.await("second computes", () -> second.says("computed "));
      cluster.awaitStep(6);
      second.kill();
      cluster.awaitEnd();
      assertThat(first.exitCode()).isZero();
      assertThat(coordinator.exitCode()).isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
      assertThat(first.said().lines().filter(line -> line.startsWith("computed ")))
          .as("no gradient is computed twice by a survivor")
          .doesNotHaveDuplicates();
    }
  }
}
