package io.rglcd.cluster.node;

import io.rglcd.cluster.TrainingException;
import java.util.List;

/** How a node finds the others. */
public sealed interface Discovery {

  /**
   * By the addresses of coordinators. The first of them founds the cluster where nobody answers
   * within 5 s, or 30 s where members of before may be alive.
   *
   * @param addresses host:port of their actor systems
   */
  record SeedNodes(List<String> addresses) implements Discovery {

    /** Copies the list and refuses an empty one. */
    public SeedNodes {
      addresses = List.copyOf(addresses);
      if (addresses.isEmpty()) {
        throw new TrainingException("seed nodes: none (expected: host:port of at least one node)");
      }
    }
  }

  /**
   * By the pods of this namespace that have the labels {@code app.kubernetes.io/instance} of this
   * cluster and {@code app.kubernetes.io/component} coordinator, and a port named management.
   *
   * @param cluster value of the label instance
   * @param contactPoints coordinators that must see each other to found a cluster
   */
  record Kubernetes(String cluster, int contactPoints) implements Discovery {}

  /**
   * By the addresses that a DNS name has; all coordinators have the same management port.
   *
   * @param name such as that of a headless service
   * @param contactPoints coordinators that must see each other to found a cluster
   */
  record Dns(String name, int contactPoints) implements Discovery {}

  /**
   * By management addresses of coordinators.
   *
   * @param addresses host:port
   * @param contactPoints coordinators that must see each other to found a cluster
   */
  record Endpoints(List<String> addresses, int contactPoints) implements Discovery {

    /** Copies the list and refuses an empty one. */
    public Endpoints {
      addresses = List.copyOf(addresses);
      if (addresses.isEmpty()) {
        throw new TrainingException(
            "endpoints: none (expected: host:port of the management of at least one coordinator)");
      }
    }
  }
}
