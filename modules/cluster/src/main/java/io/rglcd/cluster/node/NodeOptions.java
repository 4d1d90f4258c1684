package io.rglcd.cluster.node;

import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import java.nio.file.Path;
import java.time.Duration;
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
 * @param quorum coordinators that must see each other
 * @param acceptablePause without a heartbeat after which a node counts as unreachable
 * @param dataPlane its end of the data plane
 * @param journal directory of the log that all coordinators share
 * @param scratch directory for snapshots, of this node alone
 */
public record NodeOptions(
    String name,
    Set<Role> roles,
    int devices,
    String host,
    int port,
    int managementPort,
    Discovery discovery,
    int quorum,
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
    if (quorum < 1) {
      throw new TrainingException("quorum: " + quorum + " (expected: >= 1)");
    }
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
        quorum,
        acceptablePause,
        dataPlane.named(next),
        journal,
        scratch.resolveSibling(next + ".tmp"));
  }
}
