package io.rglcd.cluster.actor;

import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.collective.InProcessAllReduce;
import java.util.function.LongSupplier;

/**
 * What the actors of a node are given.
 *
 * @param settings of the run
 * @param start where it begins
 * @param replicas makes replicas
 * @param source gives micro-batches
 * @param listener is told what happens
 * @param allReduce the data plane
 * @param nanos a monotonic clock
 */
public record NodeContext(
    TrainingSettings settings,
    RunStart start,
    ReplicaFactory replicas,
    MicroBatchSource source,
    TrainingListener listener,
    InProcessAllReduce allReduce,
    LongSupplier nanos) {

  double secondsSince(long start) {
    return (nanos.getAsLong() - start) / 1e9;
  }
}
