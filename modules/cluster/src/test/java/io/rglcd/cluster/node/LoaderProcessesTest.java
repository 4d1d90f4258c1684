package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Loaders on nodes of their own, as real processes on loopback. */
@Timeout(240)
class LoaderProcessesTest {

  private static final long STEPS = 40;

  @TempDir static Path folder;
  private static Path undisturbed;

  @BeforeAll
  static void runUndisturbed() {
    Torch.setIntraOpThreads(1);
    undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
  }

  @Test
  void loadersRelieveWorkersAndAreNotMissedWhenTheyAreKilled() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("loaders"), 1, STEPS, 400)) {
      cluster.coordinator(0);
      NodeProcess first = cluster.loader();
      NodeProcess second = cluster.loader();
      NodeProcess worker = cluster.worker();
      first.await("first loads", () -> first.says("loaded "));
      second.await("second loads", () -> second.says("loaded "));
      first.kill();
      long reached = cluster.step();
      cluster.awaitStep(reached + 5);
      second.kill();
      worker.await("worker loads by itself", () -> worker.says("loaded "));
      NodeProcess third = cluster.loader();
      third.await("third loads", () -> third.says("loaded "));
      cluster.hurryToTheEnd();
      assertThat(worker.exitCode()).isZero();
      assertThat(third.exitCode()).as("loaders end with the run").isZero();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void loaderOfAnotherConfigurationIsRefusedByTheKeyAndLoadsNothing() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("stranger"), 1, STEPS, 60)) {
      cluster.coordinator(0);
      NodeProcess stranger = cluster.loaderOfAnotherRun();
      assertThat(stranger.exitCode()).isEqualTo(1);
      assertThat(stranger.said())
          .contains("failed this node's configuration differs from the coordinator's in seed")
          .doesNotContain("loaded ");
      cluster.worker();
      cluster.awaitEnd();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }
}
