package io.rglcd.cluster.node;

import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A node of a cluster.
 *
 * @param name unique in the cluster and of this life of the node
 * @param roles what it does
 * @param devices workers on it, if it is one
 * @param host name or address that other nodes reach it by; it listens there
 * @param port of the actor system; 0 for any
 * @param managementPort of the HTTP server for people, tools and health checks; 0 for any
 * @param discovery how it finds the others
 * @param downing how whom to give up is agreed upon
 * @param pod name of the pod whose deletion cost it writes, if it does
 * @param acceptablePause without a heartbeat after which a node counts as unreachable
 * @param dataPlane its end of the data plane
 * @param journal directory of the log that all coordinators share
 * @param scratch where nodes of this machine keep snapshots, each in a directory of its own
 */
public record NodeOptions(
    String name,
    Set<Role> roles,
    int devices,
    String host,
    int port,
    int managementPort,
    Discovery discovery,
    Downing downing,
    Optional<String> pod,
    Duration acceptablePause,
    DataPlaneOptions dataPlane,
    Path journal,
    Path scratch) {

  /** Copies the collections and checks the values. */
  public NodeOptions {
    roles = Set.copyOf(roles);
    if (roles.contains(Role.WORKER) && devices < 1) {
      throw new TrainingException("devices: " + devices + " (expected: >= 1 for a worker)");
    }
  }

  /** Of its actor system, host:port. */
  String address() {
    return host + ":" + port;
  }

  /** The same node when it comes again after the others have given it up. */
  NodeOptions again(int life) {
    String next = name + "." + life;
    return new NodeOptions(
        next,
        roles,
        devices,
        host,
        port,
        managementPort,
        discovery,
        downing,
        pod,
        acceptablePause,
        dataPlane.named(next),
        journal,
        scratch);
  }
}
