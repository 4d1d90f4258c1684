package io.rglcd.cluster.node;

import akka.actor.Address;
import com.typesafe.config.ConfigFactory;
import io.rglcd.cluster.downing.DowningPolicy;
import io.rglcd.cluster.downing.Lease;
import io.rglcd.cluster.downing.LeaseMajority;
import io.rglcd.cluster.downing.StaticQuorum;
import io.rglcd.cluster.kubernetes.KubernetesApi;
import io.rglcd.cluster.kubernetes.KubernetesLease;
import io.rglcd.cluster.kubernetes.KubernetesPod;
import java.time.Clock;
import java.util.Optional;

/**
 * What a life of a node has of its {@link Downing} and of Kubernetes, and gives back at the end.
 */
final class NodeDowning implements AutoCloseable {

  /** The server of a cluster that has just started may take a while. */
  private static final int TRIES = 6;

  private final DowningSetup setup;
  private final Optional<KubernetesApi> api;
  private final Optional<? extends Lease> lease;
  private final Optional<KubernetesPod> pod;

  private NodeDowning(
      DowningSetup setup,
      Optional<KubernetesApi> api,
      Optional<? extends Lease> lease,
      Optional<KubernetesPod> pod) {
    this.setup = setup;
    this.api = api;
    this.lease = lease;
    this.pod = pod;
  }

  /**
   * Looks whether a node that will need a lease may have it; waits for the answers.
   *
   * @throws io.rglcd.cluster.TrainingException saying in one sentence why it may not
   */
  static void probe(NodeOptions options) {
    Optional<String> name = lease(options);
    if (name.isEmpty()) {
      return;
    }
    try (KubernetesApi api = api();
        KubernetesLease lease = lease(api, name.get(), options)) {
      lease.probe(TRIES);
    }
  }

  /** Opens what a node needs. */
  static NodeDowning open(NodeOptions options, KnownMembers members) {
    Optional<String> name = lease(options);
    Optional<KubernetesApi> api =
        name.isPresent() || options.pod().isPresent() ? Optional.of(api()) : Optional.empty();
    Optional<KubernetesLease> lease =
        name.flatMap(n -> api.map(kubernetes -> lease(kubernetes, n, options)));
    return new NodeDowning(
        setup(options, lease, members),
        api,
        lease,
        options.pod().flatMap(pod -> api.map(kubernetes -> kubernetes.pod(pod))));
  }

  /** Only coordinators take it. */
  private static Optional<String> lease(NodeOptions options) {
    return options.downing() instanceof Downing.LeaseMajority majority
            && options.roles().contains(Role.COORDINATOR)
        ? Optional.of(majority.lease())
        : Optional.empty();
  }

  private static KubernetesLease lease(KubernetesApi api, String name, NodeOptions options) {
    return api.lease(name, options.name(), Clock.systemUTC(), System::nanoTime);
  }

  private static KubernetesApi api() {
    return KubernetesApi.open(
        ConfigFactory.load().getConfig("akka.discovery.kubernetes-api"), System.getenv());
  }

  private static DowningSetup setup(
      NodeOptions options, Optional<? extends Lease> lease, KnownMembers members) {
    boolean coordinator = options.roles().contains(Role.COORDINATOR);
    if (options.downing() instanceof Downing.StaticQuorum fixed) {
      return new DowningSetup(
          new StaticQuorum<>(fixed.quorum(), coordinator, options.acceptablePause()),
          Optional.empty());
    }
    LeaseMajority<Address> policy = new LeaseMajority<>(coordinator, options.acceptablePause());
    return new DowningSetup(policy, lease.map(l -> new LeaseDesk(policy, l, members)));
  }

  DowningPolicy<Address> policy() {
    return setup.policy();
  }

  DowningSetup setup() {
    return setup;
  }

  Optional<KubernetesPod> pod() {
    return pod;
  }

  @Override
  public void close() {
    lease.ifPresent(Lease::close);
    pod.ifPresent(KubernetesPod::close);
    api.ifPresent(KubernetesApi::close);
  }
}
