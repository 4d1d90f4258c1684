package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.CoordinatorCommand;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.WorkerCommand;
import io.rglcd.cluster.protocol.WorkerId;
import java.util.concurrent.CompletableFuture;

/** Starts the actors of this process and ends them, and with them the actor system. */
public final class NodeGuardian extends AbstractBehavior<NodeGuardian.Command> {

  /** What the guardian handles; stays in the process. */
  public sealed interface Command {}

  /** Finish the step, write a checkpoint, end. */
  public record Stop() implements Command {}

  /** The run has ended. */
  record Ended(RunOutcome outcome) implements Command {}

  private final CompletableFuture<TrainingResult> outcome;
  private final ActorRef<CoordinatorCommand> coordinator;

  private NodeGuardian(
      ActorContext<Command> context, NodeContext node, CompletableFuture<TrainingResult> outcome) {
    super(context);
    this.outcome = outcome;
    TrainingSettings settings = node.settings();
    int workers = settings.limits().workers();
    ActorRef<CheckpointMessage> writer =
        context.spawn(
            CheckpointWriter.create(),
            "checkpoint-writer",
            DispatcherSelector.fromConfig("rglcd.cluster.file-dispatcher"));
    this.coordinator =
        context.spawn(
            ParameterCoordinator.create(
                node, writer, context.messageAdapter(RunOutcome.class, Ended::new)),
            "parameter-coordinator");
    context.watch(coordinator);
    int waiting = settings.limits().rangesWaiting(workers);
    ActorRef<ShardLoader.Command> loader =
        context.spawn(
            ShardLoader.create(node.source(), settings.loadParallelism(), waiting), "shard-loader");
    context.watch(loader);
    for (int device = 0; device < workers; device++) {
      WorkerId id = WorkerId.ofDevice(device);
      ActorRef<WorkerCommand> worker =
          context.spawn(
              GpuWorker.create(id, device, node, loader, writer, context.getSystem().ignoreRef()),
              id.value(),
              DispatcherSelector.fromConfig("rglcd.cluster.replica-dispatcher"));
      context
          .getSystem()
          .receptionist()
          .tell(Receptionist.register(ParameterCoordinator.WORKERS, worker.narrow()));
    }
  }

  /**
   * The guardian of a node with all roles.
   *
   * @param outcome completed when the run is over, before the system ends
   */
  public static Behavior<Command> create(
      NodeContext node, CompletableFuture<TrainingResult> outcome) {
    return Behaviors.setup(context -> new NodeGuardian(context, node, outcome));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Stop.class, message -> onStop())
        .onMessage(Ended.class, this::onEnded)
        .onSignal(ChildFailed.class, this::onChildFailed)
        .build();
  }

  private Behavior<Command> onStop() {
    coordinator.tell(new CoordinatorMessage.Stop());
    return this;
  }

  private Behavior<Command> onEnded(Ended message) {
    message.outcome().result().ifPresent(outcome::complete);
    message.outcome().failure().ifPresent(outcome::completeExceptionally);
    return Behaviors.stopped();
  }

  private Behavior<Command> onChildFailed(ChildFailed failure) {
    outcome.completeExceptionally(
        new TrainingException(
            failure.getRef().path().name() + " failed: " + Reasons.of(failure.cause()),
            failure.cause()));
    return Behaviors.stopped();
  }
}
