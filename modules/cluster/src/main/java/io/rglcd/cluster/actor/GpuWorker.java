package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.rglcd.cluster.LoadedRange;
import io.rglcd.cluster.OtherRunException;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.WorkerCommand;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.state.WorkerEvent;
import io.rglcd.cluster.state.WorkerState;
import io.rglcd.cluster.state.WorkerTransition;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.MicroBatchLosses;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A replica on a thread of its own: a worker that computes gradients on one device, or the
 * coordinator's follower, which computes none. Turns messages into events of {@link WorkerState};
 * {@link ReplicaWork} carries out what follows. When anything throws, the coordinator is told and
 * supervision starts the worker again with a new replica, which takes over a healthy one's state.
 */
public final class GpuWorker extends AbstractBehavior<WorkerCommand> {

  /** Finish the step, then be dismissed. */
  record LeaveRun() implements WorkerCommand {}

  private record Open() implements WorkerCommand {}

  private record Advance() implements WorkerCommand {}

  private record Reduced(StepKey key, Optional<Throwable> failure) implements WorkerCommand {}

  private record Fetched(StepNumber step, SnapshotIntake intake, Optional<Throwable> failure)
      implements WorkerCommand {}

  private final WorkerId id;
  private final int device;
  private final NodeContext node;
  private final Optional<WorkerSamples> samples;
  private final ActorRef<CheckpointMessage> writer;
  private final ActorRef<String> refused;
  private Optional<WorkerMessage.Hello> greeting = Optional.empty();
  private ReplicaWork work;
  private WorkerState state;

  private GpuWorker(
      ActorContext<WorkerCommand> context,
      WorkerId id,
      int device,
      NodeContext node,
      Optional<ActorRef<ShardLoader.Command>> loader,
      ActorRef<CheckpointMessage> writer,
      ActorRef<String> refused) {
    super(context);
    this.refused = refused;
    this.id = id;
    this.device = device;
    this.node = node;
    this.samples = loader.map(ref -> new WorkerSamples(ref, context.getSelf()));
    this.writer = writer;
    context.getSelf().tell(new Open());
  }

  /**
   * A supervised worker; to be spawned on the replica dispatcher.
   *
   * @param refused is told if the coordinator does not take it, and why
   */
  public static Behavior<WorkerCommand> create(
      WorkerId id,
      int device,
      NodeContext node,
      ActorRef<ShardLoader.Command> loader,
      ActorRef<CheckpointMessage> writer,
      ActorRef<String> refused) {
    Behavior<WorkerCommand> worker =
        Behaviors.setup(
            context ->
                new GpuWorker(context, id, device, node, Optional.of(loader), writer, refused));
    return Behaviors.supervise(worker)
        .onFailure(SupervisorStrategy.restart().withLoggingEnabled(false));
  }

  /** The coordinator's follower; its failure is the coordinator's. */
  static Behavior<WorkerCommand> follower(NodeContext node, ActorRef<CheckpointMessage> writer) {
    return Behaviors.setup(
        context ->
            new GpuWorker(
                context,
                WorkerId.FOLLOWER,
                0,
                node,
                Optional.empty(),
                writer,
                context.getSystem().ignoreRef()));
  }

  @Override
  public Receive<WorkerCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Open.class, guarded(message -> open()))
        .onMessage(WorkerMessage.Hello.class, guarded(this::onHello))
        .onMessage(StepPlan.class, as(WorkerEvent.Planned::new))
        .onMessage(ShardLoader.Loaded.class, guarded(this::onLoaded))
        .onMessage(Advance.class, guarded(message -> advance()))
        .onMessage(Reduce.class, as(WorkerEvent.ReduceOrdered::new))
        .onMessage(Reduced.class, as(GpuWorker::event))
        .onMessage(Commit.class, as(WorkerEvent.Committed::new))
        .onMessage(Abort.class, as(WorkerEvent.Aborted::new))
        .onMessage(WorkerMessage.OfferSnapshot.class, as(WorkerEvent.SnapshotWanted::new))
        .onMessage(WorkerMessage.Follow.class, as(WorkerEvent.FollowWanted::new))
        .onMessage(WorkerMessage.FetchSnapshot.class, as(WorkerEvent.SnapshotGiven::new))
        .onMessage(Fetched.class, guarded(this::onFetched))
        .onMessage(WorkerMessage.SaveCheckpoint.class, as(WorkerEvent.CheckpointWanted::new))
        .onMessage(LeaveRun.class, message -> onLeave())
        .onMessage(WorkerMessage.Refuse.class, this::onRefuse)
        .onMessage(WorkerMessage.Dismiss.class, message -> Behaviors.stopped())
        .onSignal(PreRestart.class, signal -> onEnd())
        .onSignal(PostStop.class, signal -> onEnd())
        .build();
  }

  /** Tells the coordinator of a failure before supervision deals with it. */
  private <M> akka.japi.function.Function<M, Behavior<WorkerCommand>> guarded(Consumer<M> handler) {
    return message -> {
      try {
        handler.accept(message);
        return this;
      } catch (RuntimeException e) {
        getContext().getLog().warn("{} failed and starts again: {}", id, Reasons.of(e));
        getContext().getLog().debug("failure of {}", id, e);
        tell(new CoordinatorMessage.MemberFailed(id, Reasons.of(e)));
        throw e;
      }
    };
  }

  private <M> akka.japi.function.Function<M, Behavior<WorkerCommand>> as(
      Function<M, WorkerEvent> event) {
    return guarded(
        message -> {
          if (work != null) {
            decide(event.apply(message));
          }
        });
  }

  private static WorkerEvent event(Reduced done) {
    return done.failure()
        .<WorkerEvent>map(e -> new WorkerEvent.ReductionBroke(done.key(), Reasons.of(e)))
        .orElseGet(() -> new WorkerEvent.Reduced(done.key()));
  }

  /** What was ended for another one does not count. */
  private void onFetched(Fetched done) {
    if (work != null && work.isFetching(done.intake())) {
      decide(
          done.failure()
              .<WorkerEvent>map(e -> new WorkerEvent.FetchFailed(done.step(), Reasons.of(e)))
              .orElseGet(() -> new WorkerEvent.Fetched(done.step())));
    }
  }

  /** A node of another run, which started before there was a checkpoint to tell, is refused. */
  private void open() {
    RunStart start;
    try {
      start = node.start().get();
    } catch (OtherRunException e) {
      refused.tell(e.getMessage());
      return;
    }
    MemberReplica member = MemberReplica.open(id, device, node, start.checkpoint());
    work = new ReplicaWork(id, node, member, samples, writer, this);
    state = WorkerState.start(id, member.step(), start.checksum());
    greeting.ifPresent(hello -> decide(new WorkerEvent.Greeted(hello)));
  }

  private void onHello(WorkerMessage.Hello message) {
    greeting = Optional.of(message);
    if (work != null) {
      decide(new WorkerEvent.Greeted(message));
    }
  }

  /** Without a coordinator there is nobody to ask. */
  private Behavior<WorkerCommand> onLeave() {
    if (greeting.isEmpty()) {
      return Behaviors.stopped();
    }
    tell(new CoordinatorMessage.Leaving(id));
    return this;
  }

  private Behavior<WorkerCommand> onRefuse(WorkerMessage.Refuse message) {
    refused.tell(message.reason());
    return this;
  }

  void decide(WorkerEvent event) {
    WorkerTransition transition = state.next(event);
    state = transition.state();
    transition.effects().forEach(effect -> effect.accept(work));
  }

  private void onLoaded(ShardLoader.Loaded answer) {
    samples.orElseThrow().receive(answer);
    advance();
  }

  /** Computes one micro-batch that is loaded, then lets other messages through. */
  private void advance() {
    if (work == null) {
      return;
    }
    for (SampleRange range : state.missing()) {
      Optional<LoadedRange> ready = samples.flatMap(s -> s.get(range));
      if (ready.isPresent()) {
        MicroBatchLosses losses = work.compute(range, ready.get());
        decide(
            new WorkerEvent.Computed(
                new MicroBatchResult(share(range), losses, ready.get().unreadable())));
        getContext().getSelf().tell(new Advance());
        return;
      }
    }
  }

  private MicroBatchShare share(SampleRange range) {
    return state.plan().flatMap(plan -> plan.share(id)).stream()
        .flatMap(share -> share.microBatches().stream())
        .filter(share -> share.range().equals(range))
        .findFirst()
        .orElseThrow();
  }

  /** Looks for micro-batches to compute, after the messages that wait already. */
  void advanceLater() {
    getContext().getSelf().tell(new Advance());
  }

  void whenReduced(StepKey key) {
    getContext()
        .pipeToSelf(
            node.allReduce().reduced(key),
            (done, failure) -> new Reduced(key, Optional.ofNullable(failure)));
  }

  void whenFetched(StepNumber step, SnapshotIntake intake) {
    getContext()
        .pipeToSelf(
            intake.arrived(),
            (done, failure) -> new Fetched(step, intake, Optional.ofNullable(failure)));
  }

  /** Tells the coordinator that greeted last. */
  void tell(CoordinatorMessage message) {
    greeting.ifPresent(hello -> hello.coordinator().tell(message));
  }

  Optional<ActorRef<CoordinatorMessage>> coordinator() {
    return greeting.map(WorkerMessage.Hello::coordinator);
  }

  ActorRef<WorkerMessage> self() {
    return getContext().getSelf().narrow();
  }

  private Behavior<WorkerCommand> onEnd() {
    if (work != null) {
      work.close();
    }
    return this;
  }
}
