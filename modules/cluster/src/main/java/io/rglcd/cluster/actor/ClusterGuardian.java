package io.rglcd.cluster.actor;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.management.RunControl;
import io.rglcd.cluster.protocol.AssistantCommand;
import io.rglcd.cluster.protocol.AssistantMessage;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.CoordinatorCommand;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.NodeMessage;
import io.rglcd.cluster.protocol.WorkerCommand;
import io.rglcd.cluster.protocol.WorkerId;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Starts the actors of a clustered node as its roles want, and ends the node. */
public final class ClusterGuardian extends AbstractBehavior<ClusterGuardian.Command> {

  /** What the guardian handles; stays in the process. */
  public sealed interface Command {}

  /** What a node does for a run without being part of its protocol's state. */
  public enum Assistance {
    /** It loads samples for workers on other nodes. */
    LOADING,
    /** It serves people and tools. */
    SERVING
  }

  /** Leave after the step in progress. */
  public record Leave() implements Command {}

  /** Let the run finish its step, write a checkpoint and end everywhere. */
  public record StopRun() implements Command {}

  /** The run has ended, as the coordinator on this node says. */
  record Ended(RunOutcome outcome) implements Command {}

  /** The coordinator does not take this node. */
  record Refused(String reason) implements Command {}

  /** The loader or server on this node may end. */
  record AssistantDismissed(Attendance.Dismissal dismissal) implements Command {}

  private static final String COORDINATOR_ROLE = "coordinator";

  /** Ranges that may wait on a loader for all workers together; more are loaded elsewhere. */
  private static final int WAITING_RANGES = 1024;

  private final CompletableFuture<NodeEnd> outcome;
  private final Set<ActorRef<WorkerCommand>> workers = new HashSet<>();
  private final ActorRef<CoordinatorCommand> coordinator;

  private ClusterGuardian(
      ActorContext<Command> context,
      NodeContext node,
      Set<Assistance> assistance,
      int devices,
      CompletableFuture<NodeEnd> outcome) {
    super(context);
    this.outcome = outcome;
    ActorRef<CheckpointMessage> writer =
        context.spawn(
            CheckpointWriter.create(),
            "checkpoint-writer",
            DispatcherSelector.fromConfig("rglcd.cluster.file-dispatcher"));
    ActorRef<RunOutcome> ended = context.messageAdapter(RunOutcome.class, Ended::new);
    this.coordinator =
        ClusterSingleton.get(context.getSystem())
            .init(
                SingletonActor.of(
                        ParameterCoordinator.create(node, writer, ended), "parameter-coordinator")
                    .withSettings(
                        ClusterSingletonSettings.create(context.getSystem())
                            .withRole(COORDINATOR_ROLE)));
    RunControl.get(context.getSystem()).connect(coordinator, node.control());
    context
        .getSystem()
        .receptionist()
        .tell(
            Receptionist.register(
                RunControl.node(node.name()),
                context.messageAdapter(NodeMessage.class, drain -> new Leave())));
    ActorRef<Attendance.Dismissal> dismissed =
        context.messageAdapter(Attendance.Dismissal.class, AssistantDismissed::new);
    if (assistance.contains(Assistance.LOADING)) {
      startLoader(node, dismissed);
    }
    if (assistance.contains(Assistance.SERVING)) {
      announce(context.spawn(Server.create(node, dismissed), "server"));
    }
    if (devices > 0) {
      startWorkers(node, devices, writer);
    }
  }

  private void startLoader(NodeContext node, ActorRef<Attendance.Dismissal> dismissed) {
    ActorRef<ShardLoader.Command> shards =
        startShardLoader("shard-loader", node.source(), node, WAITING_RANGES);
    ActorRef<AssistantCommand> loader =
        getContext().spawn(RangeLoader.create(node, shards, dismissed), "range-loader");
    announce(loader.narrow());
    getContext()
        .getSystem()
        .receptionist()
        .tell(Receptionist.register(RangeLoader.LOADERS, loader.narrow()));
  }

  private void announce(ActorRef<AssistantMessage> assistant) {
    getContext()
        .getSystem()
        .receptionist()
        .tell(Receptionist.register(Attendance.ASSISTANTS, assistant));
  }

  private ActorRef<ShardLoader.Command> startShardLoader(
      String name, MicroBatchSource source, NodeContext node, int waiting) {
    int parallelism = node.settings().loadParallelism();
    return getContext().spawn(ShardLoader.create(source, parallelism, waiting), name);
  }

  private void startWorkers(NodeContext node, int devices, ActorRef<CheckpointMessage> writer) {
    ActorRef<LoaderPool.Command> pool = getContext().spawn(LoaderPool.create(node), "loader-pool");
    int waiting = node.settings().limits().rangesWaiting(devices);
    ActorRef<ShardLoader.Command> loader =
        startShardLoader("workers-loader", LoaderPool.source(pool), node, waiting);
    ActorRef<String> refused = getContext().messageAdapter(String.class, Refused::new);
    for (int device = 0; device < devices; device++) {
      WorkerId id = new WorkerId(node.name() + "-" + device);
      ActorRef<WorkerCommand> worker =
          getContext()
              .spawn(
                  GpuWorker.create(id, device, node, loader, writer, refused),
                  id.value(),
                  DispatcherSelector.fromConfig("rglcd.cluster.replica-dispatcher"));
      workers.add(worker);
      getContext().watch(worker);
      getContext()
          .getSystem()
          .receptionist()
          .tell(Receptionist.register(ParameterCoordinator.WORKERS, worker.narrow()));
    }
  }

  /**
   * The guardian of a node.
   *
   * @param assistance what it does for other nodes
   * @param devices workers on it, 0 if it is none
   * @param outcome completed when the node has done its part, before the system ends
   */
  public static Behavior<Command> create(
      NodeContext node,
      Set<Assistance> assistance,
      int devices,
      CompletableFuture<NodeEnd> outcome) {
    return Behaviors.setup(
        context -> new ClusterGuardian(context, node, assistance, devices, outcome));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Leave.class, message -> onLeave())
        .onMessage(StopRun.class, message -> onStopRun())
        .onMessage(Ended.class, this::onEnded)
        .onMessage(Refused.class, this::onRefused)
        .onMessage(AssistantDismissed.class, this::onAssistantDismissed)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private Behavior<Command> onLeave() {
    if (workers.isEmpty()) {
      end(new NodeEnd(false, "left"));
    }
    workers.forEach(worker -> worker.tell(new GpuWorker.LeaveRun()));
    return this;
  }

  private Behavior<Command> onStopRun() {
    coordinator.tell(new CoordinatorMessage.Stop());
    return this;
  }

  private Behavior<Command> onEnded(Ended message) {
    message
        .outcome()
        .failure()
        .ifPresentOrElse(
            outcome::completeExceptionally,
            () -> outcome.complete(new NodeEnd(true, message.outcome().sentence())));
    end(new NodeEnd(true, message.outcome().sentence()));
    return this;
  }

  private Behavior<Command> onRefused(Refused message) {
    outcome.completeExceptionally(new TrainingException(message.reason()));
    end(new NodeEnd(false, message.reason()));
    return this;
  }

  private Behavior<Command> onAssistantDismissed(AssistantDismissed message) {
    String refusal = message.dismissal().refusal();
    if (!refusal.isEmpty()) {
      outcome.completeExceptionally(new TrainingException(refusal));
    }
    if (workers.isEmpty()) {
      end(new NodeEnd(false, "the run is over"));
    }
    return this;
  }

  /** The last worker has been dismissed: the node has nothing to do any more. */
  private Behavior<Command> onTerminated(Terminated ended) {
    workers.remove(ended.getRef().<WorkerCommand>unsafeUpcast());
    if (workers.isEmpty()) {
      end(new NodeEnd(false, "its workers were dismissed"));
    }
    return this;
  }

  private void end(NodeEnd how) {
    outcome.complete(how);
    CompletableFuture<Done> unused =
        CoordinatedShutdown.get(getContext().getSystem())
            .runAll(CoordinatedShutdown.actorSystemTerminateReason())
            .toCompletableFuture();
  }
}
