package io.rglcd.cluster.actor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What must be equal on all nodes of a run. */
final class Identity {

  private Identity() {}

  /**
   * Why a node cannot be part of the run, in one sentence; empty if it can.
   *
   * @param ours sorted: key=value
   * @param theirs of the node
   */
  static Optional<String> difference(List<String> ours, List<String> theirs) {
    return Stream.concat(
            ours.stream().filter(entry -> !theirs.contains(entry)),
            theirs.stream().filter(entry -> !ours.contains(entry)))
        .map(entry -> entry.substring(0, entry.indexOf('=')))
        .findFirst()
        .map(key -> "this node's configuration differs from the coordinator's in " + key);
  }
}
