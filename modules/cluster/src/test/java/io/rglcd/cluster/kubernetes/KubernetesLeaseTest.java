package io.rglcd.cluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.downing.Lease;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lease through the client that nodes use, against a mock of the API. */
@Timeout(60)
class KubernetesLeaseTest {

  private static final Instant START = Instant.parse("2026-02-03T04:05:06.789012Z");
  private static final String NAME = "rglcd-coordinators";

  private final AtomicLong nanos = new AtomicLong();
  private MockKubernetesApi server;
  private KubernetesApi api;

  @BeforeEach
  void start(@TempDir Path folder) {
    server = new MockKubernetesApi(folder.resolve("account"));
    api = server.open();
  }

  @AfterEach
  void end() {
    api.close();
    server.close();
  }

  @Test
  void oneHolderTakesRenewsAndGivesBackAndOnlyThenAnother() {
    try (KubernetesLease a = lease("a");
        KubernetesLease b = lease("b")) {
      assertThat(get(a.acquire())).isEqualTo("a");
      assertThat(get(b.acquire())).isEqualTo("a");
      assertThat(get(a.acquire())).isEqualTo("a");
      assertThat(server.lease(NAME).orElseThrow())
          .satisfies(
              spec -> {
                assertThat(spec.getHolderIdentity()).isEqualTo("a");
                assertThat(spec.getLeaseDurationSeconds()).isEqualTo(15);
                assertThat(spec.getLeaseTransitions()).isEqualTo(1);
                assertThat(spec.getRenewTime().toInstant()).isEqualTo(START);
              });
      get(b.release());
      assertThat(get(b.acquire())).as("only the holder gives it back").isEqualTo("a");
      get(a.release());
      assertThat(server.lease(NAME).orElseThrow().getHolderIdentity()).isNull();
      assertThat(get(b.acquire())).isEqualTo("b");
      assertThat(get(a.acquire())).isEqualTo("b");
      assertThat(server.lease(NAME).orElseThrow().getLeaseTransitions()).isEqualTo(2);
    }
  }

  @Test
  void leaseThatIsNotRenewedForItsDurationMayBeTaken() {
    try (KubernetesLease a = lease("a");
        KubernetesLease b = lease("b")) {
      get(a.acquire());
      assertThat(get(b.acquire())).isEqualTo("a");
      nanos.addAndGet(Lease.DURATION.toNanos() - 1);
      assertThat(get(b.acquire())).isEqualTo("a");
      get(a.acquire());
      nanos.addAndGet(Lease.DURATION.toNanos() - 1);
      assertThat(get(b.acquire())).as("it was renewed").isEqualTo("a");
      nanos.addAndGet(Lease.DURATION.toNanos());
      assertThat(get(b.acquire())).isEqualTo("b");
      assertThat(get(a.acquire())).isEqualTo("b");
    }
  }

  @Test
  void leaseThatWasRenewedLongAgoMayBeTakenAtOnce() {
    try (KubernetesLease a = lease("a");
        KubernetesLease b = lease("b")) {
      get(a.acquire());
      nanos.addAndGet(Lease.DURATION.toNanos() + TimeUnit.MINUTES.toNanos(1));
      assertThat(get(b.acquire())).as("clocks may differ so much").isEqualTo("a");
      get(a.acquire());
      nanos.addAndGet(Lease.DURATION.toNanos() + TimeUnit.MINUTES.toNanos(1) + 1000);
      assertThat(get(b.acquire())).isEqualTo("b");
    }
  }

  @Test
  void ofSeveralThatAskAtOnceOneGetsIt() {
    List<KubernetesLease> leases =
        IntStream.range(0, 6).mapToObj(i -> lease("holder" + i)).toList();
    for (int round = 1; round <= 5; round++) {
      List<CompletableFuture<String>> asked =
          leases.stream().map(lease -> lease.acquire().toCompletableFuture()).toList();
      List<String> answers = asked.stream().map(KubernetesLeaseTest::get).toList();
      assertThat(answers.stream().distinct()).as("round %s", round).hasSize(1);
      assertThat(server.lease(NAME).orElseThrow().getLeaseTransitions()).isEqualTo(round);
      leases.stream()
          .filter(lease -> lease.holder().equals(answers.get(0)))
          .forEach(lease -> get(lease.release()));
    }
    leases.forEach(KubernetesLease::close);
  }

  @Test
  void holderThatEndsGivesItBack() {
    KubernetesLease a = lease("a");
    get(a.acquire());
    a.close();
    assertThat(server.lease(NAME).orElseThrow().getHolderIdentity()).isNull();
  }

  @Test
  void probeMakesTheLeaseWithoutAHolderAndLeavesAnothersAlone() {
    try (KubernetesLease a = lease("a");
        KubernetesLease b = lease("b")) {
      a.probe(1);
      assertThat(server.lease(NAME).orElseThrow().getHolderIdentity()).isNull();
      get(a.acquire());
      b.probe(1);
      assertThat(server.lease(NAME).orElseThrow().getHolderIdentity()).isEqualTo("a");
    }
  }

  @Test
  void probeNamesThePermissionThatIsMissing() {
    for (String[] missing :
        new String[][] {{"GET", "get"}, {"POST", "create"}, {"PUT", "update"}}) {
      server.refuse(missing[0] + " .*/leases.*");
      try (KubernetesLease lease = lease("a")) {
        assertThatThrownBy(() -> lease.probe(3))
            .isInstanceOf(TrainingException.class)
            .hasMessage(
                "cannot %s lease rglcd-coordinators in namespace rglcd: not allowed (expected: get,"
                    + " create, update on leases.coordination.k8s.io granted to the pod's service"
                    + " account)",
                missing[1]);
      }
      server.refuseNothing();
    }
  }

  @Test
  void serverThatDoesNotAnswerIsNamed() {
    try (KubernetesLease lease = lease("a")) {
      server.close();
      assertThatThrownBy(() -> lease.probe(2))
          .isInstanceOf(TrainingException.class)
          .hasMessageStartingWith(
              "cannot get lease rglcd-coordinators in namespace rglcd: the API server at https://")
          .hasMessageContaining(": ");
      assertThat(lease.acquire().toCompletableFuture())
          .failsWithin(20, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining("the API server at https://");
    }
  }

  @Test
  void processThatIsNoPodIsToldSo() {
    assertThatThrownBy(
            () ->
                KubernetesApi.open(
                    ConfigFactory.load().getConfig("akka.discovery.kubernetes-api"), Map.of()))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "environment variable KUBERNETES_SERVICE_HOST: not set (expected: the API server's, as"
                + " in a pod of Kubernetes)");
  }

  @Test
  void annotationOfThePodIsWrittenAndLeavesOthersAlone() {
    server.addPod("pod-1");
    try (KubernetesPod pod = api.pod("pod-1")) {
      get(pod.annotate("a", "1"));
      get(pod.annotate("b", "2"));
      get(pod.annotate("a", "3"));
      assertThat(server.annotation("pod-1", "a")).isEqualTo("3");
      assertThat(server.annotation("pod-1", "b")).isEqualTo("2");
      server.refuse("PATCH .*/pods/.*");
      assertThat(pod.annotate("a", "4").toCompletableFuture())
          .failsWithin(20, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining(
              "cannot annotate pod pod-1 in namespace rglcd: not allowed (expected: patch on pods"
                  + " granted to the pod's service account)");
    }
  }

  private KubernetesLease lease(String holder) {
    return api.lease(NAME, holder, () -> START.plusNanos(nanos.get()), nanos::get);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
