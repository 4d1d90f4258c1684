package io.rglcd.cluster;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.rglcd.cluster.actor.NodeContext;
import io.rglcd.cluster.actor.NodeGuardian;
import io.rglcd.cluster.collective.InProcessAllReduce;
import io.rglcd.cluster.management.ControlToken;
import io.rglcd.cluster.protocol.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * A training in this process: coordinator, workers, loader and checkpoint writer under one actor
 * system. Leaves nothing running when {@link #result} completes.
 */
public final class TrainingRun implements AutoCloseable {

  private final ActorSystem<NodeGuardian.Command> system;
  private final CompletableFuture<TrainingResult> result;

  private TrainingRun(
      ActorSystem<NodeGuardian.Command> system, CompletableFuture<TrainingResult> result) {
    this.system = system;
    this.result = result;
  }

  /**
   * Starts a run.
   *
   * @param replicas makes one replica for each worker and one for the coordinator
   * @param source gives micro-batches
   * @param listener is told what happens
   * @throws TrainingException if the output cannot be written or the checkpoint not be resumed
   */
  public static TrainingRun start(
      TrainingSettings settings,
      ReplicaFactory replicas,
      MicroBatchSource source,
      TrainingListener listener) {
    return start(settings, replicas, source, listener, System::nanoTime);
  }

  /**
   * {@link #start(TrainingSettings, ReplicaFactory, MicroBatchSource, TrainingListener)} with
   * another clock.
   *
   * @param nanos a monotonic clock
   */
  public static TrainingRun start(
      TrainingSettings settings,
      ReplicaFactory replicas,
      MicroBatchSource source,
      TrainingListener listener,
      LongSupplier nanos) {
    RunStart start = RunStart.of(settings);
    requireWritable(settings);
    InProcessAllReduce allReduce = new InProcessAllReduce();
    Path scratch = settings.output().resolve("scratch.tmp");
    NodeContext node =
        new NodeContext(
            "this process",
            NodeContext.PROTOCOL,
            settings,
            () -> start,
            start.origin(),
            replicas,
            source,
            listener,
            allReduce,
            new InProcessSnapshots(),
            new MemoryJournal(start.term()),
            Endpoint.IN_PROCESS,
            scratch,
            ControlToken.of(scratch.toString()),
            Optional.empty(),
            nanos);
    CompletableFuture<TrainingResult> outcome = new CompletableFuture<>();
    Config config =
        ConfigFactory.parseResources(TrainingRun.class.getClassLoader(), "rglcd-node.conf")
            .withFallback(ConfigFactory.load());
    ActorSystem<NodeGuardian.Command> system =
        ActorSystem.create(NodeGuardian.create(node, outcome), "rglcd", config);
    CompletionStage<TrainingResult> ended =
        system
            .getWhenTerminated()
            .thenCompose(
                done -> {
                  allReduce.close();
                  node.snapshots().close();
                  ScratchFiles.delete(scratch);
                  outcome.completeExceptionally(
                      new TrainingException("the run ended without a result"));
                  return outcome;
                });
    return new TrainingRun(system, ended.toCompletableFuture());
  }

  private static void requireWritable(TrainingSettings settings) {
    try {
      Files.createDirectories(settings.output());
      Files.delete(Files.createTempFile(settings.output(), "writable", ".tmp"));
    } catch (IOException e) {
      throw new TrainingException(
          "output directory " + settings.output() + " cannot be written: " + e, e);
    }
  }

  /**
   * Completes when everything has ended: with the result, or with a {@link TrainingException} that
   * says in one sentence why the run could not go on.
   */
  public CompletionStage<TrainingResult> result() {
    return result.minimalCompletionStage();
  }

  /** Lets the run finish its step, write a checkpoint and end; does not wait. */
  public void stop() {
    system.tell(new NodeGuardian.Stop());
  }

  /** Ends the run at once, without a checkpoint, if it has not ended; waits until it has. */
  @Override
  public void close() {
    system.terminate();
    result.handle((done, failure) -> done).join();
  }
}
