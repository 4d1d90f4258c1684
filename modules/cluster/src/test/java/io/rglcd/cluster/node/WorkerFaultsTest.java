package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that die in each phase of a step, as real processes on loopback. */
@Timeout(240)
class WorkerFaultsTest {

  private static final long STEPS = 60;

  @TempDir static Path folder;
  private static Path undisturbed;

  @BeforeAll
  static void runUndisturbed() {
    Torch.setIntraOpThreads(1);
    undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
  }

  @Test
  void workersDieWhileTheyComputeReduceAndHoldTheMean() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("steps"), 1, STEPS, 20)) {
      cluster.expecting(4);
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess survivor = cluster.worker();
      NodeProcess computing = cluster.worker("fail=halt:compute:6");
      NodeProcess reducing = cluster.worker("fail=halt:reduce:12");
      NodeProcess holding = cluster.worker("fail=halt:gather:18");
      cluster.awaitEnd();
      assertThat(computing.exitCode()).isEqualTo(FailAt.HALTED);
      assertThat(reducing.exitCode()).isEqualTo(FailAt.HALTED);
      assertThat(holding.exitCode()).isEqualTo(FailAt.HALTED);
      assertThat(coordinator.said()).contains("StepAborted", "its process has ended");
      assertWell(cluster, coordinator, survivor);
    }
  }

  @Test
  void workersDieBetweenReductionAndCommitAndBeforeTheyApply() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("commit"), 1, STEPS, 20)) {
      cluster.expecting(3);
      NodeProcess coordinator = cluster.coordinator(0, "fail=hold:append:9");
      NodeProcess survivor = cluster.worker();
      NodeProcess applying = cluster.worker("fail=halt:apply:6");
      NodeProcess prepared = cluster.worker();
      assertThat(applying.exitCode()).isEqualTo(FailAt.HALTED);
      coordinator.await("step 9 is prepared", () -> coordinator.says("fails at APPEND of 9"));
      prepared.kill();
      assertThat(cluster.step()).isEqualTo(8);
      cluster.goOn();
      cluster.awaitEnd();
      assertWell(cluster, coordinator, survivor);
    }
  }

  @Test
  void donorsAndJoinersDieWhileASnapshotIsTransferred() throws Exception {
    try (TestCluster cluster = new TestCluster(folder.resolve("snapshot"), 1, STEPS, 800)) {
      cluster.expecting(3).withoutCheckpoints();
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess offering = cluster.worker("fail=halt:offer:+1");
      NodeProcess sending = cluster.worker();
      NodeProcess survivor = cluster.worker();
      cluster.awaitStep(2);
      NodeProcess fetching = cluster.worker("fail=halt:fetching:+1");
      assertThat(offering.exitCode()).isEqualTo(FailAt.HALTED);
      assertThat(fetching.exitCode()).isEqualTo(FailAt.HALTED);
      NodeProcess joiner = cluster.worker("fail=hold:fetch:+1");
      joiner.await("joiner is about to fetch", () -> joiner.says("fails at FETCH"));
      assertThat(joiner.said()).containsPattern("from \\[coordinator.*, worker2");
      sending.kill();
      cluster.goOn();
      joiner.await("joiner computes", () -> joiner.says("computed "));
      cluster.hurryToTheEnd();
      assertThat(joiner.exitCode()).isZero();
      joiner.assertComputedNothingTwice();
      assertWell(cluster, coordinator, survivor);
    }
  }

  private static void assertWell(TestCluster cluster, NodeProcess... survivors) throws Exception {
    for (NodeProcess survivor : survivors) {
      assertThat(survivor.exitCode()).isZero();
    }
    survivors[1].assertComputedNothingTwice();
    cluster.assertStepNeverGoesBack();
    cluster.assertNothingLostAndNothingTwice(undisturbed);
  }
}
