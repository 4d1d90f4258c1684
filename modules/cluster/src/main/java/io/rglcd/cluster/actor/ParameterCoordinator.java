package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.CoordinatorCommand;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.FollowerCommand;
import io.rglcd.cluster.protocol.FollowerMessage;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.state.CoordinatorEvent;
import io.rglcd.cluster.state.CoordinatorState;
import io.rglcd.cluster.state.Effect;
import io.rglcd.cluster.state.Transition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Drives the training: turns messages into events of {@link CoordinatorState} and carries out its
 * effects. Decides nothing itself.
 */
public final class ParameterCoordinator extends AbstractBehavior<CoordinatorCommand>
    implements Effect.Handler {

  private record AttemptTimedOut(StepKey key) implements CoordinatorCommand {}

  private static final String DEADLINE = "deadline";

  private final NodeContext node;
  private final TimerScheduler<CoordinatorCommand> timers;
  private final ActorRef<NodeGuardian.Command> guardian;
  private final ActorRef<FollowerCommand> follower;
  private final Map<WorkerId, ActorRef<WorkerMessage>> workers = new TreeMap<>();
  private CoordinatorState state;

  private ParameterCoordinator(
      ActorContext<CoordinatorCommand> context,
      TimerScheduler<CoordinatorCommand> timers,
      NodeContext node,
      ActorRef<NodeGuardian.Command> guardian) {
    super(context);
    this.node = node;
    this.timers = timers;
    this.guardian = guardian;
    RunStart start = node.start();
    this.state =
        CoordinatorState.start(
            node.settings().limits(),
            start.term(),
            start.generation(),
            start.step(),
            start.ledger());
    ActorRef<CheckpointMessage> writer =
        context.spawn(
            CheckpointWriter.create(),
            "checkpoint-writer",
            DispatcherSelector.fromConfig("rglcd.cluster.file-dispatcher"));
    this.follower =
        context.spawn(
            FollowerReplica.create(node, context.getSelf().narrow(), writer),
            "follower",
            DispatcherSelector.fromConfig("rglcd.cluster.replica-dispatcher"));
  }

  /** A coordinator that tells the guardian how the run ended. */
  public static Behavior<CoordinatorCommand> create(
      NodeContext node, ActorRef<NodeGuardian.Command> guardian) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ParameterCoordinator(context, timers, node, guardian)));
  }

  @Override
  public Receive<CoordinatorCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(CoordinatorMessage.Register.class, this::onRegister)
        .onMessage(
            CoordinatorMessage.FollowerReady.class,
            as(m -> new CoordinatorEvent.FollowerReady(m.parameters())))
        .onMessage(CoordinatorMessage.GradientsReady.class, as(CoordinatorEvent.Gradients::new))
        .onMessage(CoordinatorMessage.MeanReady.class, as(CoordinatorEvent.Mean::new))
        .onMessage(CoordinatorMessage.Applied.class, as(CoordinatorEvent.CommitApplied::new))
        .onMessage(CoordinatorMessage.Restored.class, as(CoordinatorEvent.Restored::new))
        .onMessage(
            CoordinatorMessage.MemberFailed.class,
            as(m -> new CoordinatorEvent.Failed(m.worker(), m.reason())))
        .onMessage(CoordinatorMessage.SnapshotTaken.class, as(CoordinatorEvent.SnapshotTaken::new))
        .onMessage(
            CoordinatorMessage.CheckpointWritten.class, as(CoordinatorEvent.CheckpointWritten::new))
        .onMessage(
            CoordinatorMessage.CheckpointFailed.class, as(CoordinatorEvent.CheckpointFailed::new))
        .onMessage(CoordinatorMessage.Stop.class, as(m -> new CoordinatorEvent.StopRequested()))
        .onMessage(
            AttemptTimedOut.class,
            as(
                m ->
                    new CoordinatorEvent.TimedOut(
                        m.key(), node.settings().stepTimeout().toString())))
        .build();
  }

  private <M> akka.japi.function.Function<M, Behavior<CoordinatorCommand>> as(
      Function<M, CoordinatorEvent> event) {
    return message -> {
      decide(event.apply(message));
      return this;
    };
  }

  private Behavior<CoordinatorCommand> onRegister(CoordinatorMessage.Register message) {
    workers.put(message.worker(), message.ref());
    decide(new CoordinatorEvent.Registered(message.worker(), message.parameters()));
    return this;
  }

  private void decide(CoordinatorEvent event) {
    Transition transition = state.next(event, node.nanos().getAsLong());
    state = transition.state();
    transition.effects().forEach(effect -> effect.accept(this));
  }

  private void send(List<WorkerId> members, WorkerMessage message) {
    members.forEach(member -> workers.get(member).tell(message));
  }

  @Override
  public void sendPlan(Effect.SendPlan effect) {
    timers.startSingleTimer(
        DEADLINE, new AttemptTimedOut(effect.plan().key()), node.settings().stepTimeout());
    send(effect.plan().members(), effect.plan());
  }

  @Override
  public void sendReduce(Effect.SendReduce effect) {
    send(effect.members(), effect.reduce());
    follower.tell(effect.reduce());
  }

  @Override
  public void sendCommit(Effect.SendCommit effect) {
    send(effect.members(), effect.commit());
    follower.tell(effect.commit());
  }

  @Override
  public void sendAbort(Effect.SendAbort effect) {
    send(effect.members(), effect.abort());
  }

  @Override
  public void takeSnapshot(Effect.TakeSnapshot effect) {
    follower.tell(new FollowerMessage.TakeSnapshot(effect.step()));
  }

  @Override
  public void restoreWorker(Effect.RestoreWorker effect) {
    send(List.of(effect.worker()), new WorkerMessage.Restore(effect.step(), effect.directory()));
  }

  @Override
  public void saveCheckpoint(Effect.SaveCheckpoint effect) {
    RunStart reached =
        RunStart.at(effect.term(), effect.generation(), effect.step(), effect.ledger());
    follower.tell(
        new FollowerMessage.SaveCheckpoint(
            effect.step(), reached.toJson(node.settings().identity())));
  }

  @Override
  public void report(Effect.Report effect) {
    node.listener().on(effect.event());
  }

  @Override
  public void complete(Effect.Complete effect) {
    guardian.tell(
        new NodeGuardian.Completed(
            new TrainingResult(
                effect.step().value(),
                effect.stopped(),
                effect.ledger(),
                Path.of(effect.checkpoint()))));
  }

  @Override
  public void fail(Effect.Fail effect) {
    guardian.tell(new NodeGuardian.Failed(new TrainingException(effect.reason())));
  }
}
