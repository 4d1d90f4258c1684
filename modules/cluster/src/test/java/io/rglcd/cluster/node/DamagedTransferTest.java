package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.TestPorts;
import io.rglcd.cluster.dataplane.Proxy;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is damaged between real processes is told from what is not, and done again. */
@Timeout(240)
class DamagedTransferTest {

  private static final long STEPS = 40;

  @TempDir static Path folder;

  @Test
  void flippedBitsHalfOpenConnectionsAndSlowReadersCostAnAttemptAtMost() throws Exception {
    Torch.setIntraOpThreads(1);
    Path undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
    int port = TestPorts.free();
    try (TestCluster cluster = new TestCluster(folder.resolve("damaged"), 1, STEPS, 100);
        Proxy proxy = new Proxy(new Endpoint("behind", "127.0.0.1", port))) {
      cluster.expecting(2);
      NodeProcess coordinator = cluster.coordinator(0);
      NodeProcess steady = cluster.worker();
      NodeProcess behind = cluster.worker("data=" + port + "," + proxy.address().port());
      cluster.awaitStep(3);
      proxy.next(Proxy.Fault.FLIP);
      awaitAborts(coordinator, 1);
      advance(cluster);
      proxy.next(Proxy.Fault.HALT);
      awaitAborts(coordinator, 2);
      advance(cluster);
      proxy.next(Proxy.Fault.SLOW);
      advance(cluster);
      cluster.hurryToTheEnd();
      for (NodeProcess node : new NodeProcess[] {coordinator, steady, behind}) {
        assertThat(node.exitCode()).isZero();
      }
      steady.assertComputedNothingTwice();
      behind.assertComputedNothingTwice();
      cluster.assertStepNeverGoesBack();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  private static void awaitAborts(NodeProcess coordinator, long number) {
    coordinator.await(
        number + " aborts",
        () ->
            coordinator.said().lines().filter(line -> line.contains("event StepAborted")).count()
                >= number);
  }

  private static void advance(TestCluster cluster) {
    cluster.awaitStep(cluster.step() + 3);
  }
}
