package io.rglcd.cluster.protocol;

/** What a node is told, whatever its roles. */
public sealed interface NodeMessage extends ClusterMessage {

  /** Finish what is in progress and leave the cluster. */
  record Drain() implements NodeMessage {}
}
