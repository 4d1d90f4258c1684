package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.kubernetes.MockKubernetesApi;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes whose coordinators decide by a lease, as in pods of a mock of Kubernetes. */
@Timeout(240)
class LeaseProcessesTest {

  private static final long STEPS = 200;
  private static final String LEASE = "rglcd-coordinators";

  @TempDir private Path folder;
  private MockKubernetesApi api;

  @BeforeEach
  void start() {
    api = new MockKubernetesApi(folder.resolve("account"));
  }

  @AfterEach
  void end() {
    api.close();
  }

  @Test
  void oneOfTwoCoordinatorsGoesOnWhenTheDrivingOneIsKilledOrLeavesAndNothingIsLost()
      throws Exception {
    Torch.setIntraOpThreads(1);
    Path undisturbed = FakeRun.undisturbed(folder.resolve("undisturbed"), STEPS).checkpoint();
    try (TestCluster cluster = cluster(2)) {
      List.of("first", "second", "third").forEach(api::addPod);
      NodeProcess driving = cluster.coordinator(0, "pod=first");
      driving.await("it is the oldest", () -> driving.says("forming new cluster"));
      NodeProcess other = cluster.coordinator(1, "pod=second");
      NodeProcess worker = cluster.worker();
      awaitCost("first", DeletionCost.of(0));
      awaitCost("second", DeletionCost.of(1));
      cluster.awaitStep(3);
      NodeProcess.awaitThat("nobody holds the lease while both see each other", this::isFree);
      driving.kill();
      cluster.awaitStep(cluster.step() + 3);
      assertThat(other.said()).contains("the lease is held by coordinator1-", "drives as term 2");
      assertThat(isFree()).as("one alone keeps it").isFalse();
      awaitCost("second", DeletionCost.of(0));
      NodeProcess next = cluster.coordinator(0, "pod=third");
      awaitCost("third", DeletionCost.of(1));
      other.terminate();
      assertThat(other.exitCode()).isIn(0, 143);
      cluster.awaitStep(cluster.step() + 3);
      assertThat(next.said()).as("one that leaves hands over").contains("drives as term 3");
      cluster.hurryToTheEnd();
      assertThat(next.exitCode()).isZero();
      assertThat(worker.exitCode()).isZero();
      assertThat(isFree()).as("given back at the end").isTrue();
      worker.assertComputedNothingTwice();
      cluster.assertStepNeverGoesBack();
      cluster.assertNothingLostAndNothingTwice(undisturbed);
    }
  }

  @Test
  void coordinatorThatMayNotWriteTheLeaseEndsAndSaysWhatToGrant() {
    api.refuse("PUT .*/leases/.*");
    try (TestCluster cluster = cluster(1)) {
      NodeProcess node = cluster.coordinator(0);
      assertThat(node.exitCode()).isEqualTo(1);
      assertThat(node.said())
          .contains(
              "failed cannot update lease rglcd-coordinators in namespace rglcd: not allowed"
                  + " (expected: get, create, update on leases.coordination.k8s.io granted to the"
                  + " pod's service account)")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void coordinatorThatIsInNoPodEndsAndSaysSo() {
    Place noPod = new Place("127.0.0.1", List.of("env", "-u", "KUBERNETES_SERVICE_HOST"));
    try (TestCluster cluster =
        new TestCluster(folder.resolve("run"), List.of(noPod), STEPS, 0).decidedByLease(LEASE)) {
      NodeProcess node = cluster.coordinator(0);
      assertThat(node.exitCode()).isEqualTo(1);
      assertThat(node.said())
          .contains("failed environment variable KUBERNETES_SERVICE_HOST: not set")
          .doesNotContain("\tat ");
    }
  }

  private TestCluster cluster(int coordinators) {
    List<Place> pods =
        List.of(new Place("127.0.0.1", api.container()), new Place("127.0.0.1", api.container()));
    return new TestCluster(folder.resolve("run"), pods.subList(0, coordinators), STEPS, 60)
        .decidedByLease(LEASE);
  }

  private boolean isFree() {
    return api.lease(LEASE).orElseThrow().getHolderIdentity() == null;
  }

  private void awaitCost(String pod, int cost) {
    NodeProcess.awaitThat(
        pod + " costs " + cost,
        () -> api.annotation(pod, DeletionCost.ANNOTATION).equals(Integer.toString(cost)));
  }
}
