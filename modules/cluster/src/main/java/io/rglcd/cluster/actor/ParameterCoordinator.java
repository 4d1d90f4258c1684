package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.rglcd.cluster.CommitJournal;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.TermOverException;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.CoordinatorCommand;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.state.CommitHistory;
import io.rglcd.cluster.state.CoordinatorEvent;
import io.rglcd.cluster.state.CoordinatorState;
import io.rglcd.cluster.state.Effect;
import io.rglcd.cluster.state.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Drives the training: turns messages into events of {@link CoordinatorState} and carries out its
 * effects. Decides nothing itself.
 */
public final class ParameterCoordinator extends AbstractBehavior<CoordinatorCommand>
    implements Effect.Handler {

  /** Workers announce themselves under this key; a coordinator greets whom it finds. */
  public static final ServiceKey<WorkerMessage> WORKERS =
      ServiceKey.create(WorkerMessage.class, "rglcd-worker");

  private record Found(Receptionist.Listing listing) implements CoordinatorCommand {}

  private record NodeEnded(String node) implements CoordinatorCommand {}

  private record Tick() implements CoordinatorCommand {}

  private static final Duration TICK = Duration.ofMillis(200);

  private final NodeContext node;
  private final ActorRef<RunOutcome> ended;
  private final Term term;
  private final Map<WorkerId, ActorRef<WorkerMessage>> refs = new TreeMap<>();
  private final Set<ActorRef<WorkerMessage>> announced = new HashSet<>();
  private final Deque<CoordinatorEvent> events = new ArrayDeque<>();
  private final Optional<Reachability> reachability;
  private final AssistantDesk assistants;
  private boolean hadQuorum = true;
  private boolean deciding;
  private boolean replaced;
  private CoordinatorState state;

  private ParameterCoordinator(
      ActorContext<CoordinatorCommand> context,
      TimerScheduler<CoordinatorCommand> timers,
      NodeContext node,
      ActorRef<CheckpointMessage> writer,
      ActorRef<RunOutcome> ended) {
    super(context);
    this.node = node;
    this.ended = ended;
    this.reachability = node.downing().map(policy -> new Reachability(context.getSystem(), policy));
    CommitJournal.Claim claim = node.journal().claim();
    this.term = claim.term();
    this.assistants = new AssistantDesk(term, context.getSelf().narrow(), node.identity());
    RunStart start = node.start().get();
    this.state =
        CoordinatorState.start(
            node.settings().limits(),
            term,
            start.generation(),
            CommitHistory.of(node.origin(), claim.records()));
    if (isOver(start)) {
      return;
    }
    ActorRef<WorkerMessage> follower =
        context
            .spawn(
                GpuWorker.follower(node, writer),
                "follower",
                DispatcherSelector.fromConfig("rglcd.cluster.replica-dispatcher"))
            .narrow();
    announced.add(follower);
    greet(follower);
    ActorRef<Receptionist.Listing> found =
        context.messageAdapter(Receptionist.Listing.class, Found::new);
    context.getSystem().receptionist().tell(Receptionist.subscribe(WORKERS, found));
    context.getSystem().receptionist().tell(Receptionist.subscribe(Attendance.ASSISTANTS, found));
    node.allReduce().whenEnded(name -> context.getSelf().tell(new NodeEnded(name)));
    timers.startTimerWithFixedDelay(new Tick(), TICK);
  }

  /**
   * A coordinator.
   *
   * @param ended is told how the run ended
   */
  public static Behavior<CoordinatorCommand> create(
      NodeContext node, ActorRef<CheckpointMessage> writer, ActorRef<RunOutcome> ended) {
    Behavior<CoordinatorCommand> claiming = claiming(node, writer, ended);
    Behavior<CoordinatorCommand> coordinator =
        node.downing().isPresent() ? QuorumGate.before(node, () -> claiming) : claiming;
    return Behaviors.supervise(
            Behaviors.supervise(coordinator)
                .onFailure(StartOverException.class, SupervisorStrategy.restart()))
        .onFailure(TermOverException.class, SupervisorStrategy.restart());
  }

  private static Behavior<CoordinatorCommand> claiming(
      NodeContext node, ActorRef<CheckpointMessage> writer, ActorRef<RunOutcome> ended) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ParameterCoordinator(context, timers, node, writer, ended)));
  }

  @Override
  public Receive<CoordinatorCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Found.class, this::onFound)
        .onMessage(CoordinatorMessage.Register.class, this::onRegister)
        .onMessage(CoordinatorMessage.RegisterAssistant.class, this::onRegisterAssistant)
        .onMessage(CoordinatorMessage.GradientsReady.class, as(CoordinatorEvent.Gradients::new))
        .onMessage(CoordinatorMessage.MeanReady.class, as(CoordinatorEvent.Mean::new))
        .onMessage(CoordinatorMessage.ReduceFailed.class, as(CoordinatorEvent.ReductionFailed::new))
        .onMessage(CoordinatorMessage.Applied.class, as(CoordinatorEvent.CommitApplied::new))
        .onMessage(
            CoordinatorMessage.SnapshotOffered.class, as(CoordinatorEvent.SnapshotOffered::new))
        .onMessage(
            CoordinatorMessage.SnapshotFailed.class, as(CoordinatorEvent.SnapshotFailed::new))
        .onMessage(CoordinatorMessage.Restored.class, as(CoordinatorEvent.Restored::new))
        .onMessage(CoordinatorMessage.MemberFailed.class, this::onMemberFailed)
        .onMessage(
            CoordinatorMessage.Leaving.class, as(m -> new CoordinatorEvent.Leaving(m.worker())))
        .onMessage(
            CoordinatorMessage.CheckpointWritten.class, as(CoordinatorEvent.CheckpointWritten::new))
        .onMessage(
            CoordinatorMessage.CheckpointFailed.class, as(CoordinatorEvent.CheckpointFailed::new))
        .onMessage(CoordinatorMessage.Stop.class, as(m -> new CoordinatorEvent.StopRequested()))
        .onMessage(
            CoordinatorMessage.Pause.class, as(m -> new CoordinatorEvent.PauseRequested(true)))
        .onMessage(
            CoordinatorMessage.Resume.class, as(m -> new CoordinatorEvent.PauseRequested(false)))
        .onMessage(
            CoordinatorMessage.CheckpointNow.class,
            as(m -> new CoordinatorEvent.CheckpointRequested()))
        .onMessage(CoordinatorMessage.StatusRequested.class, this::onStatusRequested)
        .onMessage(NodeEnded.class, as(ended -> new CoordinatorEvent.NodeEnded(ended.node())))
        .onMessage(Tick.class, this::onTick)
        .onSignal(Terminated.class, this::onTerminated)
        .build();
  }

  private <M> akka.japi.function.Function<M, Behavior<CoordinatorCommand>> as(
      Function<M, CoordinatorEvent> event) {
    return message -> {
      decide(event.apply(message));
      return this;
    };
  }

  private Behavior<CoordinatorCommand> onFound(Found found) {
    if (found.listing().isForKey(Attendance.ASSISTANTS)) {
      assistants.found(found.listing());
      return this;
    }
    Set<ActorRef<WorkerMessage>> listed = found.listing().getServiceInstances(WORKERS);
    for (ActorRef<WorkerMessage> ref : listed) {
      if (announced.add(ref)) {
        getContext().watch(ref);
        greet(ref);
      }
    }
    return this;
  }

  private void greet(ActorRef<WorkerMessage> ref) {
    ref.tell(new WorkerMessage.Hello(term, getContext().getSelf().narrow()));
  }

  /** A coordinator that takes over after the end has nothing left to do. */
  private boolean isOver(RunStart start) {
    boolean over =
        node.downing().isPresent()
            && state.step().value() >= node.settings().limits().steps()
            && start.step().equals(state.step())
            && start.checkpoint().isPresent();
    if (over) {
      ended.tell(
          RunOutcome.of(
              new TrainingResult(
                  state.step().value(), false, state.ledger(), start.checkpoint().get())));
    }
    return over;
  }

  /** In a cluster the nodes end when their workers do. */
  private void dismissAll() {
    if (node.downing().isPresent()) {
      refs.values().forEach(ref -> ref.tell(new WorkerMessage.Dismiss(term)));
      assistants.dismissAll();
    }
  }

  private Behavior<CoordinatorCommand> onRegister(CoordinatorMessage.Register message) {
    Optional<String> difference = Identity.difference(node.replicaIdentity(), message.identity());
    if (difference.isPresent()) {
      message.ref().tell(new WorkerMessage.Refuse(term, difference.get()));
      return this;
    }
    refs.put(message.worker(), message.ref());
    decide(
        new CoordinatorEvent.Registered(
            message.worker(),
            message.endpoint(),
            message.computes(),
            message.holding(),
            message.parameters()));
    return this;
  }

  private Behavior<CoordinatorCommand> onRegisterAssistant(
      CoordinatorMessage.RegisterAssistant message) {
    assistants.register(message);
    return this;
  }

  /** A worker that failed starts again by itself, and has forgotten whom to tell. */
  private Behavior<CoordinatorCommand> onMemberFailed(CoordinatorMessage.MemberFailed message) {
    decide(new CoordinatorEvent.Failed(message.worker(), message.reason()));
    ActorRef<WorkerMessage> ref = refs.get(message.worker());
    if (ref != null) {
      greet(ref);
    }
    return this;
  }

  private Behavior<CoordinatorCommand> onTerminated(Terminated ended) {
    ActorRef<WorkerMessage> gone = ended.getRef().unsafeUpcast();
    announced.remove(gone);
    refs.entrySet().stream()
        .filter(entry -> entry.getValue().equals(gone))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(
            worker -> {
              refs.remove(worker);
              decide(new CoordinatorEvent.Failed(worker, "its process or actor has ended"));
            });
    return this;
  }

  private Behavior<CoordinatorCommand> onTick(Tick tick) {
    reachability.ifPresent(this::lookAround);
    for (ActorRef<WorkerMessage> ref : announced) {
      boolean known =
          refs.entrySet().stream()
              .anyMatch(e -> e.getValue().equals(ref) && state.knows(e.getKey()));
      if (!known && reachability.map(r -> r.canReach(ref)).orElse(true)) {
        greet(ref);
      }
    }
    decide(new CoordinatorEvent.Ticked());
    return this;
  }

  private Behavior<CoordinatorCommand> onStatusRequested(
      CoordinatorMessage.StatusRequested message) {
    message.replyTo().tell(state.status());
    return this;
  }

  /** Notices whom the failure detector has lost, and whether this side may go on. */
  private void lookAround(Reachability view) {
    view.refresh();
    boolean quorum = view.mayGoOn();
    if (quorum != hadQuorum) {
      hadQuorum = quorum;
      decide(new CoordinatorEvent.QuorumChanged(quorum));
    }
    refs.entrySet().stream()
        .filter(entry -> !view.canReach(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(
            worker -> {
              refs.remove(worker);
              decide(new CoordinatorEvent.Failed(worker, "its node cannot be reached"));
            });
  }

  /** Effects may bring new events; each is decided when the effects before it are done. */
  private void decide(CoordinatorEvent event) {
    events.add(event);
    if (deciding || replaced) {
      return;
    }
    deciding = true;
    try {
      while (!events.isEmpty() && !replaced) {
        Transition transition = state.next(events.poll(), node.nanos().getAsLong());
        state = transition.state();
        transition.effects().forEach(effect -> effect.accept(this));
      }
    } finally {
      deciding = false;
    }
  }

  @Override
  public void tell(Effect.Tell effect) {
    for (WorkerId worker : effect.to()) {
      ActorRef<WorkerMessage> ref = refs.get(worker);
      if (ref != null) {
        ref.tell(effect.message());
      }
    }
  }

  @Override
  public void append(Effect.Append effect) {
    try {
      node.journal().append(effect.record());
    } catch (TermOverException e) {
      stepAside(e);
      return;
    } catch (TrainingException e) {
      decide(new CoordinatorEvent.AppendFailed(Reasons.of(e)));
      return;
    }
    decide(new CoordinatorEvent.Appended(effect.record()));
  }

  /** The others have gone on without this node: it has to join them again. */
  private void stepAside(TermOverException e) {
    if (reachability.isEmpty()) {
      decide(new CoordinatorEvent.AppendFailed(Reasons.of(e)));
      return;
    }
    getContext().getLog().warn("{}", Reasons.of(e));
    replaced = true;
    reachability.get().leaveAtOnce();
  }

  @Override
  public void saveCheckpoint(Effect.SaveCheckpoint effect) {
    RunStart reached =
        RunStart.at(
            effect.term(), effect.generation(), effect.step(), effect.checksum(), effect.ledger());
    ActorRef<WorkerMessage> ref = refs.get(effect.scribe());
    if (ref != null) {
      ref.tell(
          new WorkerMessage.SaveCheckpoint(
              term, effect.step(), reached.toJson(node.settings().identity())));
    }
  }

  @Override
  public void report(Effect.Report effect) {
    node.listener().on(effect.event());
  }

  @Override
  public void complete(Effect.Complete effect) {
    // The outcome first: a node that has lost its workers ends, and would not know it.
    ended.tell(
        RunOutcome.of(
            new TrainingResult(
                effect.step().value(),
                effect.stopped(),
                effect.ledger(),
                Path.of(effect.checkpoint()))));
    dismissAll();
  }

  /** Supervision makes a new coordinator, which claims a new term. */
  @Override
  public void startOver(Effect.StartOver effect) {
    throw new StartOverException(effect.reason());
  }

  @Override
  public void fail(Effect.Fail effect) {
    ended.tell(RunOutcome.of(new TrainingException(effect.reason())));
  }
}
