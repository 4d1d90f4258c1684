package io.rglcd.cluster.node;

import io.rglcd.cluster.TrainingException;

/** How the nodes of a cluster agree on whom they give up. */
public sealed interface Downing {

  /**
   * Coordinators that see each other decide where they are enough.
   *
   * @param quorum how many that is: more than half of those that are started
   */
  record StaticQuorum(int quorum) implements Downing {

    /** Checks the number. */
    public StaticQuorum {
      if (quorum < 1) {
        throw new TrainingException("quorum: " + quorum + " (expected: >= 1)");
      }
    }
  }

  /**
   * The coordinator decides that gets a lease of Kubernetes.
   *
   * @param lease its name, in the namespace of the pod
   */
  record LeaseMajority(String lease) implements Downing {}
}
