package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.actor.NodeContext;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every node replaced one by one while the run goes on, as real processes on loopback. */
@Timeout(240)
class RollingUpdateTest {

  private static final long STEPS = 150;

  @TempDir static Path folder;

  @Test
  void everyNodeIsReplacedAndTheRunGoesOn() throws Exception {
    Torch.setIntraOpThreads(1);
    Path undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
    try (TestCluster cluster = new TestCluster(folder.resolve("rolling"), 3, STEPS, 300)) {
      cluster.expecting(3);
      List<NodeProcess> coordinators = new ArrayList<>();
      List<NodeProcess> workers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        coordinators.add(cluster.coordinator(i));
        workers.add(cluster.worker());
      }
      cluster.awaitStep(1);
      for (int i = 0; i < 3; i++) {
        leave(coordinators.get(i));
        coordinators.set(i, cluster.coordinator(i));
        NodeProcess next = cluster.worker();
        next.await("it computes", () -> next.says("computed "));
        leave(workers.set(i, next));
        cluster.awaitStep(cluster.step() + 1);
      }
      NodeProcess stranger = cluster.worker("protocol=" + (NodeContext.PROTOCOL + 1));
      assertThat(stranger.exitCode()).isEqualTo(1);
      assertThat(stranger.said())
          .contains("failed this node's configuration differs from the coordinator's in protocol");
      cluster.hurryToTheEnd();
      for (NodeProcess node : workers) {
        assertThat(node.exitCode()).isZero();
      }
      for (NodeProcess node : coordinators) {
        assertThat(node.exitCode()).isZero();
      }
      cluster.assertStepNeverGoesBack();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  private static void leave(NodeProcess node) {
    node.terminate();
    assertThat(node.exitCode()).isIn(0, 143);
  }
}
