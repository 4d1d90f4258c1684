package io.rglcd.cluster.actor;

import io.rglcd.cluster.CommitJournal;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.SnapshotExchange;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.collective.AllReduce;
import io.rglcd.cluster.protocol.Endpoint;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * What the actors of a node are given.
 *
 * @param settings of the run
 * @param start where it begins
 * @param replicas makes replicas
 * @param source gives micro-batches
 * @param listener is told what happens
 * @param allReduce the data plane's reductions
 * @param snapshots the data plane's snapshots
 * @param journal the durable log
 * @param endpoint this node's end of the data plane
 * @param scratch directory for snapshots; emptied at the end
 * @param nanos a monotonic clock
 */
public record NodeContext(
    TrainingSettings settings,
    RunStart start,
    ReplicaFactory replicas,
    MicroBatchSource source,
    TrainingListener listener,
    AllReduce allReduce,
    SnapshotExchange snapshots,
    CommitJournal journal,
    Endpoint endpoint,
    Path scratch,
    LongSupplier nanos) {

  double secondsSince(long start) {
    return (nanos.getAsLong() - start) / 1e9;
  }
}
