package io.rglcd.cluster.actor;

import akka.actor.Address;
import io.rglcd.cluster.CommitJournal;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.SnapshotExchange;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.collective.AllReduce;
import io.rglcd.cluster.downing.DowningPolicy;
import io.rglcd.cluster.management.ControlToken;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.state.CommitHistory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the actors of a node are given.
 *
 * @param name of the node, unique and of this life of it
 * @param protocol version of what nodes say to each other
 * @param settings of the run
 * @param start what a replica begins with that is made now: the newest checkpoint, or nothing
 * @param origin where the log begins
 * @param replicas makes replicas
 * @param source gives micro-batches
 * @param listener is told what happens
 * @param allReduce the data plane's reductions
 * @param snapshots the data plane's snapshots
 * @param journal the durable log
 * @param endpoint this node's end of the data plane
 * @param scratch directory for snapshots; emptied at the end
 * @param control what those must carry who steer the run
 * @param downing whether this side of the cluster may go on; empty where all is in one process
 * @param nanos a monotonic clock
 */
public record NodeContext(
    String name,
    int protocol,
    TrainingSettings settings,
    Supplier<RunStart> start,
    CommitHistory.Origin origin,
    ReplicaFactory replicas,
    MicroBatchSource source,
    TrainingListener listener,
    AllReduce allReduce,
    SnapshotExchange snapshots,
    CommitJournal journal,
    Endpoint endpoint,
    Path scratch,
    ControlToken control,
    Optional<DowningPolicy<Address>> downing,
    LongSupplier nanos) {

  /** The version of the protocol that this code speaks; a change of messages or rules adds one. */
  public static final int PROTOCOL = 4;

  private static final String PROTOCOL_KEY = "protocol";
  private static final String DEVICE_KEY = "devices (cpu or gpu)";
  private static final String BATCH_KEY = "samples of a micro-batch";
  private static final String BATCHES_KEY = "micro-batches of a step";

  /** What must be equal on all nodes, sorted: key=value. */
  List<String> identity() {
    return entries(names());
  }

  /** {@link #identity} with what must also be equal where there are replicas. */
  List<String> replicaIdentity() {
    TreeMap<String, String> names = names();
    names.put(DEVICE_KEY, replicas.deviceType());
    return entries(names);
  }

  private TreeMap<String, String> names() {
    TreeMap<String, String> names = new TreeMap<>(settings.identity());
    names.put(PROTOCOL_KEY, Integer.toString(protocol));
    names.put(BATCH_KEY, Integer.toString(settings.limits().microBatchSize()));
    names.put(BATCHES_KEY, Integer.toString(settings.limits().microBatchesPerStep()));
    return names;
  }

  private static List<String> entries(TreeMap<String, String> names) {
    return names.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  double secondsSince(long start) {
    return (nanos.getAsLong() - start) / 1e9;
  }
}
