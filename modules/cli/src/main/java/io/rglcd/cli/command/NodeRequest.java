package io.rglcd.cli.command;

import io.rglcd.cluster.node.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code rglcd node} is asked for.
 *
 * @param name of the node; a part that is new in each life of it is added
 * @param roles what it does
 * @param devices of its replicas: a worker on each; the coordinator's follower is on the first
 * @param host name or address that other nodes reach it by
 * @param port of the actor system
 * @param managementPort of the HTTP server, if not the configured one
 * @param seeds nodes to join, host:port; empty where they are discovered
 * @param discovery how nodes to join are found instead
 */
public record NodeRequest(
    String name,
    Set<Role> roles,
    Devices devices,
    String host,
    int port,
    Optional<Integer> managementPort,
    List<String> seeds,
    Optional<DiscoveryMethod> discovery) {

  /** Copies the collections. */
  public NodeRequest {
    roles = Set.copyOf(roles);
    seeds = List.copyOf(seeds);
  }
}
