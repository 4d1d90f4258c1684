package io.rglcd.cluster.node;

import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.actor.ClusterGuardian;
import io.rglcd.cluster.actor.NodeEnd;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a cluster in this process. One that was cut off and given up by the others joins again
 * as a new one, in the same process. Leaves nothing running when {@link #ended} completes.
 */
public final class ClusterNode implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterNode.class);

  private static final NodeEnd LEFT = new NodeEnd(false, "left");

  /** The port of the life before may not be free yet, or the machine too busy. */
  private static final int TRIES = 4;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

  private final NodeOptions options;
  private final NodeWork work;
  private final CompletableFuture<NodeEnd> ended = new CompletableFuture<>();
  private NodeLife life;
  private int lives;
  private boolean leaving;

  private ClusterNode(NodeOptions options, NodeWork work) {
    this.options = options;
    this.work = work;
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
    return start(options, new NodeWork(settings, replicas, source, listener));
  }

  /**
   * {@link #start(NodeOptions, TrainingSettings, ReplicaFactory, MicroBatchSource,
   * TrainingListener)} of work that is put together.
   */
  static ClusterNode start(NodeOptions options, NodeWork work) {
    NodeDowning.probe(options);
    ClusterNode node = new ClusterNode(options, work);
    node.live(options);
    return node;
  }

  private synchronized void live(NodeOptions now) {
    life = NodeLife.start(now, work);
    CompletionStage<Optional<NodeEnd>> unused = life.ended().whenComplete(this::onEnded);
  }

  private synchronized void onEnded(Optional<NodeEnd> end, Throwable failure) {
    if (failure != null) {
      ended.completeExceptionally(failure);
    } else if (end.isPresent() || leaving) {
      ended.complete(end.orElse(LEFT));
    } else {
      LOG.warn("node {} was given up by the others and joins again", options.name());
      CompletionStage<Void> unused =
          Attempts.begin("rejoin of " + options.name(), TRIES, BETWEEN_TRIES, this::liveAgain)
              .exceptionally(
                  last -> {
                    ended.completeExceptionally(last);
                    return null;
                  });
    }
  }

  private synchronized void liveAgain() {
    if (leaving) {
      ended.complete(LEFT);
      return;
    }
    lives++;
    live(options.again(lives));
  }

  /** Where its HTTP server for people, tools and health checks is now, host:port. */
  public synchronized String management() {
    return life.management();
  }

  /** How the node ended; completes when everything of it has. */
  public CompletionStage<NodeEnd> ended() {
    return ended.minimalCompletionStage();
  }

  /** Finishes the step, is left out of the next plan, leaves the cluster; does not wait. */
  public synchronized void leave() {
    leaving = true;
    life.tell(new ClusterGuardian.Leave());
  }

  /** Asks the run to finish its step, write a checkpoint and end on all nodes; does not wait. */
  public synchronized void stopRun() {
    life.tell(new ClusterGuardian.StopRun());
  }

  /** Ends the node at once, if it has not ended; waits until it has. */
  @Override
  public void close() {
    synchronized (this) {
      leaving = true;
      life.terminate();
    }
    ended.handle((end, failure) -> end).join();
  }
}
