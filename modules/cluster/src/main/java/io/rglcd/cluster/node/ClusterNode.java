package io.rglcd.cluster.node;

import akka.actor.typed.ActorSystem;
import io.rglcd.cluster.FileJournal;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.NetworkSnapshots;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.ScratchFiles;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.actor.ClusterGuardian;
import io.rglcd.cluster.actor.NodeContext;
import io.rglcd.cluster.actor.NodeEnd;
import io.rglcd.cluster.collective.AllReduce;
import io.rglcd.cluster.collective.NetworkAllReduce;
import io.rglcd.cluster.dataplane.DataPlane;
import io.rglcd.cluster.state.CommitHistory;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node of a cluster in this process. Leaves nothing running when {@link #ended} completes. */
public final class ClusterNode implements AutoCloseable {

  private final ActorSystem<ClusterGuardian.Command> system;
  private final CompletableFuture<NodeEnd> ended;

  private ClusterNode(
      ActorSystem<ClusterGuardian.Command> system, CompletableFuture<NodeEnd> ended) {
    this.system = system;
    this.ended = ended;
  }

  /**
   * Starts a node.
   *
   * @param replicas makes one replica for each worker and one for a coordinator
   * @param source gives micro-batches to workers
   * @param listener is told what happens while this node's coordinator drives the run
   * @throws TrainingException or {@link io.rglcd.cluster.dataplane.DataPlaneException} saying in
   *     one sentence why it cannot start
   */
  public static ClusterNode start(
      NodeOptions options,
      TrainingSettings settings,
      ReplicaFactory replicas,
      MicroBatchSource source,
      TrainingListener listener) {
    RunStart start = RunStart.newest(settings);
    DataPlane plane = DataPlane.open(options.dataPlane());
    AllReduce allReduce = new NetworkAllReduce(plane);
    NodeContext node =
        new NodeContext(
            options.name(),
            settings,
            start,
            CommitHistory.Origin.of(settings.samples()),
            replicas,
            source,
            listener,
            allReduce,
            new NetworkSnapshots(plane),
            new FileJournal(options.journal()),
            plane.endpoint(),
            options.scratch(),
            Optional.of(options.quorum()),
            System::nanoTime);
    CompletableFuture<NodeEnd> outcome = new CompletableFuture<>();
    ActorSystem<ClusterGuardian.Command> system;
    try {
      system =
          ActorSystem.create(
              ClusterGuardian.create(
                  node,
                  options.roles().contains(Role.LOADER),
                  options.roles().contains(Role.WORKER) ? options.devices() : 0,
                  outcome),
              NodeConfig.SYSTEM,
              NodeConfig.of(options));
    } catch (RuntimeException e) {
      plane.close();
      throw new TrainingException(
          "node "
              + options.name()
              + " cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": "
              + e.getMessage(),
          e);
    }
    CompletableFuture<NodeEnd> ended =
        system
            .getWhenTerminated()
            .thenCompose(
                done -> {
                  node.snapshots().close();
                  plane.close();
                  allReduce.close();
                  ScratchFiles.delete(options.scratch());
                  outcome.completeExceptionally(
                      new TrainingException("node " + options.name() + " was removed"));
                  return outcome;
                })
            .toCompletableFuture();
    return new ClusterNode(system, ended);
  }

  /** How the node ended; completes when everything of it has. */
  public CompletionStage<NodeEnd> ended() {
    return ended.minimalCompletionStage();
  }

  /** Finishes the step, is left out of the next plan, leaves the cluster; does not wait. */
  public void leave() {
    system.tell(new ClusterGuardian.Leave());
  }

  /** Asks the run to finish its step, write a checkpoint and end on all nodes; does not wait. */
  public void stopRun() {
    system.tell(new ClusterGuardian.StopRun());
  }

  /** Ends the node at once, if it has not ended; waits until it has. */
  @Override
  public void close() {
    system.terminate();
    ended.handle((end, failure) -> end).join();
  }
}
