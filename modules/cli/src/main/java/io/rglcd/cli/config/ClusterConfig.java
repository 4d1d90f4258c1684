package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import io.rglcd.cluster.dataplane.Wire;
import io.rglcd.cluster.node.Downing;
import io.rglcd.cluster.state.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Section {@code cluster}.
 *
 * @param minWorkers workers without which no step is planned
 * @param expectedWorkers workers to wait for before the first step
 * @param downing which rule decides who is given up
 * @param quorum coordinators that must see each other
 * @param leaseName of the lease that decides, or empty
 * @param podDeletionCost whether nodes write what it costs to delete their pods
 * @param snapshotDonors replicas that offer a snapshot
 * @param maxFailures failures without a commit before the run gives up
 * @param acceptableHeartbeatPause seconds without a heartbeat
 * @param recoverAfter seconds after which an older state is enough
 * @param stepTimeout seconds of one attempt
 * @param stragglerAfter seconds before a late share is dealt to others
 * @param logDir directory of the shared log, or empty
 * @param scratchDir directory for what nodes keep for a while, or empty
 * @param managementPort of the HTTP server, 0 for any
 * @param service what discovery looks up
 * @param contactPoints coordinators that must see each other to found a cluster
 * @param endpoints management addresses of coordinators
 * @param secret of the cluster
 * @param firstPort of the data plane
 * @param lastPort of the data plane
 * @param wire fp32 or bf16
 * @param patience seconds without progress on the data plane
 */
public record ClusterConfig(
    int minWorkers,
    int expectedWorkers,
    String downing,
    int quorum,
    String leaseName,
    boolean podDeletionCost,
    int snapshotDonors,
    int maxFailures,
    double acceptableHeartbeatPause,
    double recoverAfter,
    double stepTimeout,
    double stragglerAfter,
    String logDir,
    String scratchDir,
    int managementPort,
    String service,
    int contactPoints,
    List<String> endpoints,
    String secret,
    int firstPort,
    int lastPort,
    String wire,
    double patience) {

  private static final String STATIC_QUORUM = "static-quorum";
  private static final String LEASE_MAJORITY = "lease-majority";
  private static final String POD_NAME = "POD_NAME";

  /** Checks the values. */
  public ClusterConfig {
    require(minWorkers >= 1, "cluster.min-workers", minWorkers, ">= 1");
    require(
        expectedWorkers >= minWorkers,
        "cluster.expected-workers",
        expectedWorkers,
        ">= cluster.min-workers, " + minWorkers);
    require(
        downing.equals(STATIC_QUORUM) || downing.equals(LEASE_MAJORITY),
        "cluster.downing",
        downing,
        STATIC_QUORUM + " or " + LEASE_MAJORITY);
    require(quorum >= 1, "cluster.quorum", quorum, ">= 1");
    require(
        quorum == 1 || downing.equals(STATIC_QUORUM),
        "cluster.quorum",
        quorum,
        "1 with cluster.downing = " + LEASE_MAJORITY + ", where the lease stands for a quorum");
    require(snapshotDonors >= 1, "cluster.snapshot-donors", snapshotDonors, ">= 1");
    require(maxFailures >= 0, "cluster.max-failures", maxFailures, ">= 0");
    require(
        acceptableHeartbeatPause > 0,
        "cluster.acceptable-heartbeat-pause",
        acceptableHeartbeatPause,
        "> 0");
    require(recoverAfter > 0, "cluster.recover-after", recoverAfter, "> 0");
    require(stepTimeout > 0, "cluster.step-timeout", stepTimeout, "> 0");
    require(stragglerAfter > 0, "cluster.straggler-after", stragglerAfter, "> 0");
    require(
        managementPort >= 0 && managementPort <= 65535,
        "cluster.management-port",
        managementPort,
        "0 to 65535");
    require(contactPoints >= 1, "cluster.discovery.contact-points", contactPoints, ">= 1");
    require(
        endpoints.stream().allMatch(address -> address.matches("[^:\\s]+:[0-9]{1,5}")),
        "cluster.discovery.endpoints",
        endpoints,
        "HOST:PORT each");
    require(
        downing.equals(STATIC_QUORUM)
            || lease(leaseName, service).matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"),
        "cluster.lease-name",
        lease(leaseName, service),
        "lower case letters, digits, - and .");
    require(patience > 0, "cluster.data-plane.patience", patience, "> 0");
    require(
        wire.equals("fp32") || wire.equals("bf16"),
        "cluster.data-plane.wire",
        wire,
        "fp32 or bf16");
  }

  static ClusterConfig of(KeyReader keys) {
    return new ClusterConfig(
        keys.integer("cluster.min-workers"),
        keys.integer("cluster.expected-workers"),
        keys.text("cluster.downing"),
        keys.integer("cluster.quorum"),
        keys.text("cluster.lease-name"),
        keys.flag("cluster.pod-deletion-cost"),
        keys.integer("cluster.snapshot-donors"),
        keys.integer("cluster.max-failures"),
        keys.number("cluster.acceptable-heartbeat-pause"),
        keys.number("cluster.recover-after"),
        keys.number("cluster.step-timeout"),
        keys.number("cluster.straggler-after"),
        keys.text("cluster.log-dir"),
        keys.text("cluster.scratch-dir"),
        keys.integer("cluster.management-port"),
        keys.text("cluster.discovery.service"),
        keys.integer("cluster.discovery.contact-points"),
        keys.texts("cluster.discovery.endpoints"),
        keys.text("cluster.secret"),
        keys.integer("cluster.data-plane.first-port"),
        keys.integer("cluster.data-plane.last-port"),
        keys.text("cluster.data-plane.wire"),
        keys.number("cluster.data-plane.patience"));
  }

  private static String lease(String name, String service) {
    return name.isBlank() ? service + "-coordinators" : name;
  }

  /** Who is given up, and by whom. */
  public Downing whoDecides() {
    return downing.equals(STATIC_QUORUM)
        ? new Downing.StaticQuorum(quorum)
        : new Downing.LeaseMajority(lease(leaseName, service));
  }

  /**
   * The pod whose deletion cost is to be written, if it is.
   *
   * @param environment of the process
   */
  public Optional<String> pod(Map<String, String> environment) {
    String name = environment.getOrDefault(POD_NAME, "");
    if (podDeletionCost && name.isBlank()) {
      throw new ConfigurationException(
          "environment variable "
              + POD_NAME
              + ": not set (expected: the name of the pod, with cluster.pod-deletion-cost = true)");
    }
    return podDeletionCost ? Optional.of(name) : Optional.empty();
  }

  /** How numbers travel. */
  public Wire onTheWire() {
    return Wire.valueOf(wire.toUpperCase(Locale.ROOT));
  }

  /** How long the coordinator waits for what. */
  public Patience waiting() {
    return new Patience(
        Duration.ofSeconds(5),
        seconds(recoverAfter),
        seconds(stepTimeout),
        seconds(stragglerAfter),
        3);
  }

  /** A number of seconds. */
  public static Duration seconds(double value) {
    return Duration.ofMillis(Math.round(value * 1000));
  }
}
