package io.rglcd.cluster.actor;

import ai.djl.ndarray.NDArray;
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
import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.WorkerCommand;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.MicroBatchLosses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One device: computes the gradients of its share of each step on a thread of its own. When
 * anything throws, the coordinator is told and supervision starts the worker again with a new
 * replica, which takes over a healthy one's state.
 */
public final class GpuWorker extends AbstractBehavior<WorkerCommand> {

  private record Open() implements WorkerCommand {}

  private record Advance(StepKey key) implements WorkerCommand {}

  private record MeanComplete(StepKey key) implements WorkerCommand {}

  /** A micro-batch that is done; its buffer is empty where no sample was readable. */
  private record Computed(
      MicroBatchLosses losses, LoadedRange samples, Optional<NDArray> gradient) {}

  private final WorkerId id;
  private final int device;
  private final NodeContext node;
  private final ActorRef<CoordinatorMessage> coordinator;
  private final WorkerSamples samples;
  private final Map<SampleRange, Computed> computed = new HashMap<>();
  private MemberReplica member;
  private StepPlan plan;
  private boolean delivered;
  private double loadSeconds;
  private double computeSeconds;
  private long waitingSince;
  private long reducingSince;

  private GpuWorker(
      ActorContext<WorkerCommand> context,
      WorkerId id,
      int device,
      NodeContext node,
      ActorRef<ShardLoader.Command> loader,
      ActorRef<CoordinatorMessage> coordinator) {
    super(context);
    this.id = id;
    this.device = device;
    this.node = node;
    this.coordinator = coordinator;
    this.samples = new WorkerSamples(loader, context.getSelf());
    context.getSelf().tell(new Open());
  }

  /** A supervised worker; to be spawned on the replica dispatcher. */
  public static Behavior<WorkerCommand> create(
      WorkerId id,
      int device,
      NodeContext node,
      ActorRef<ShardLoader.Command> loader,
      ActorRef<CoordinatorMessage> coordinator) {
    Behavior<WorkerCommand> worker =
        Behaviors.setup(context -> new GpuWorker(context, id, device, node, loader, coordinator));
    return Behaviors.supervise(worker)
        .onFailure(SupervisorStrategy.restart().withLoggingEnabled(false));
  }

  @Override
  public Receive<WorkerCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Open.class, guarded(message -> open()))
        .onMessage(StepPlan.class, guarded(this::onPlan))
        .onMessage(ShardLoader.Loaded.class, guarded(this::onLoaded))
        .onMessage(Advance.class, guarded(this::onAdvance))
        .onMessage(Reduce.class, guarded(this::onReduce))
        .onMessage(MeanComplete.class, guarded(this::onMeanComplete))
        .onMessage(Commit.class, guarded(this::onCommit))
        .onMessage(Abort.class, guarded(this::onAbort))
        .onMessage(WorkerMessage.Restore.class, guarded(this::onRestore))
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
        coordinator.tell(new CoordinatorMessage.MemberFailed(id, Reasons.of(e)));
        throw e;
      }
    };
  }

  private void open() {
    member = MemberReplica.open(id, device, node);
    coordinator.tell(
        new CoordinatorMessage.Register(
            id, getContext().getSelf().narrow(), member.step(), member.replica().parameterCount()));
  }

  private void onPlan(StepPlan next) {
    if (member == null || member.replica().step() + 1 != next.key().step().value()) {
      return;
    }
    boolean newStep = plan == null || !plan.key().step().equals(next.key().step());
    plan = next;
    WorkerShare share = next.share(id);
    List<SampleRange> ranges = share.microBatches().stream().map(MicroBatchShare::range).toList();
    computed
        .entrySet()
        .removeIf(
            entry -> {
              boolean drop =
                  newStep
                      || !ranges.contains(entry.getKey())
                      || !entry.getValue().losses().finite();
              if (drop) {
                entry.getValue().gradient().ifPresent(member::freeBuffer);
              }
              return drop;
            });
    samples.want(share, computed.keySet());
    delivered = false;
    loadSeconds = 0;
    computeSeconds = 0;
    waitingSince = node.nanos().getAsLong();
    advance();
  }

  private void onLoaded(ShardLoader.Loaded answer) {
    samples.receive(answer);
    advance();
  }

  private void onAdvance(Advance message) {
    if (plan != null && plan.key().equals(message.key())) {
      advance();
    }
  }

  /** Computes one micro-batch that is loaded, then lets other messages through. */
  private void advance() {
    if (plan == null || delivered) {
      return;
    }
    List<MicroBatchShare> shares = plan.share(id).microBatches();
    for (MicroBatchShare share : shares) {
      Optional<LoadedRange> ready =
          computed.containsKey(share.range()) ? Optional.empty() : samples.get(share.range());
      if (ready.isPresent()) {
        compute(share.range(), ready.get());
        getContext().getSelf().tell(new Advance(plan.key()));
        return;
      }
    }
    if (shares.stream().allMatch(share -> computed.containsKey(share.range()))) {
      deliver(shares);
    }
  }

  private void compute(SampleRange range, LoadedRange ready) {
    long start = node.nanos().getAsLong();
    loadSeconds += (start - waitingSince) / 1e9;
    Optional<NDArray> buffer = ready.batch().map(batch -> member.takeBuffer());
    MicroBatchLosses losses =
        ready
            .batch()
            .map(batch -> member.replica().gradient(batch, buffer.orElseThrow()))
            .orElse(new MicroBatchLosses(0, 0, 0, 0, true));
    computed.put(range, new Computed(losses, ready, buffer));
    samples.forget(range);
    waitingSince = node.nanos().getAsLong();
    computeSeconds += (waitingSince - start) / 1e9;
  }

  private void deliver(List<MicroBatchShare> shares) {
    List<MicroBatchResult> results = new ArrayList<>();
    for (MicroBatchShare share : shares) {
      Computed done = computed.get(share.range());
      done.gradient()
          .ifPresent(gradient -> node.allReduce().publish(plan.key(), share.index(), gradient));
      results.add(new MicroBatchResult(share, done.losses(), done.samples().unreadable()));
    }
    delivered = true;
    coordinator.tell(
        new CoordinatorMessage.GradientsReady(
            plan.key(), id, results, loadSeconds, computeSeconds));
  }

  private void onReduce(Reduce order) {
    if (plan == null || !plan.key().equals(order.key())) {
      return;
    }
    reducingSince = node.nanos().getAsLong();
    node.allReduce().reduce(order, id);
    getContext()
        .pipeToSelf(
            node.allReduce().reduced(order.key()), (key, failure) -> new MeanComplete(order.key()));
  }

  private void onMeanComplete(MeanComplete message) {
    if (plan != null && plan.key().equals(message.key())) {
      coordinator.tell(member.gather(message.key(), reducingSince));
    }
  }

  private void onCommit(Commit commit) {
    if (member != null) {
      member.commit(commit).ifPresent(coordinator::tell);
    }
  }

  /** Stops what was planned; gradients that are done may serve the next attempt. */
  private void onAbort(Abort abort) {
    if (plan != null && plan.key().equals(abort.key())) {
      delivered = true;
    }
  }

  private void onRestore(WorkerMessage.Restore order) {
    if (member != null) {
      member.restore(order.step(), Path.of(order.directory()));
      coordinator.tell(new CoordinatorMessage.Restored(id, member.step()));
    }
  }

  private Behavior<WorkerCommand> onEnd() {
    if (member != null) {
      member.close();
    }
    return this;
  }
}
