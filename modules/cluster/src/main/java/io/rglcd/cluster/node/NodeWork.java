package io.rglcd.cluster.node;

import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.actor.NodeContext;
import java.util.function.UnaryOperator;

/**
 * What a node does in its run.
 *
 * @param settings of the run, equal on all nodes
 * @param replicas makes one replica for each worker and one for a coordinator
 * @param source gives micro-batches to workers
 * @param listener is told what happens while this node's coordinator drives the run
 * @param parts sees, and may exchange, what the node's actors are given
 */
public record NodeWork(
    TrainingSettings settings,
    ReplicaFactory replicas,
    MicroBatchSource source,
    TrainingListener listener,
    UnaryOperator<NodeContext> parts) {

  /** The usual parts. */
  public NodeWork(
      TrainingSettings settings,
      ReplicaFactory replicas,
      MicroBatchSource source,
      TrainingListener listener) {
    this(settings, replicas, source, listener, UnaryOperator.identity());
  }
}
