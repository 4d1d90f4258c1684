package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.protocol.CheckpointMessage;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.FollowerCommand;
import io.rglcd.cluster.protocol.FollowerMessage;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The coordinator's own replica: receives every mean gradient, gives none, applies every commit. As
 * it has nothing to compute, it writes checkpoints and snapshots while workers compute the next
 * step.
 */
public final class FollowerReplica extends AbstractBehavior<FollowerCommand> {

  private record Open() implements FollowerCommand {}

  private record MeanComplete(StepKey key, long since) implements FollowerCommand {}

  private final NodeContext node;
  private final ActorRef<CoordinatorMessage> coordinator;
  private final ActorRef<CheckpointMessage> writer;
  private MemberReplica member;

  private FollowerReplica(
      ActorContext<FollowerCommand> context,
      NodeContext node,
      ActorRef<CoordinatorMessage> coordinator,
      ActorRef<CheckpointMessage> writer) {
    super(context);
    this.node = node;
    this.coordinator = coordinator;
    this.writer = writer;
    context.getSelf().tell(new Open());
  }

  /** A follower; to be spawned on the replica dispatcher. */
  public static Behavior<FollowerCommand> create(
      NodeContext node,
      ActorRef<CoordinatorMessage> coordinator,
      ActorRef<CheckpointMessage> writer) {
    return Behaviors.setup(context -> new FollowerReplica(context, node, coordinator, writer));
  }

  @Override
  public Receive<FollowerCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(Open.class, guarded(message -> open()))
        .onMessage(Reduce.class, guarded(this::onReduce))
        .onMessage(MeanComplete.class, guarded(this::onMeanComplete))
        .onMessage(Commit.class, guarded(this::onCommit))
        .onMessage(FollowerMessage.TakeSnapshot.class, guarded(this::onSnapshot))
        .onMessage(FollowerMessage.SaveCheckpoint.class, this::onSave)
        .onSignal(PostStop.class, signal -> onEnd())
        .build();
  }

  private <M> akka.japi.function.Function<M, Behavior<FollowerCommand>> guarded(
      Consumer<M> handler) {
    return message -> {
      try {
        handler.accept(message);
        return this;
      } catch (RuntimeException e) {
        getContext().getLog().debug("the follower failed", e);
        coordinator.tell(new CoordinatorMessage.MemberFailed(WorkerId.FOLLOWER, Reasons.of(e)));
        return Behaviors.stopped();
      }
    };
  }

  private void open() {
    member = MemberReplica.open(WorkerId.FOLLOWER, 0, node);
    coordinator.tell(
        new CoordinatorMessage.FollowerReady(member.step(), member.replica().parameterCount()));
  }

  private void onReduce(Reduce order) {
    long since = node.nanos().getAsLong();
    getContext()
        .pipeToSelf(
            node.allReduce().reduced(order.key()),
            (key, failure) -> new MeanComplete(order.key(), since));
  }

  private void onMeanComplete(MeanComplete message) {
    coordinator.tell(member.gather(message.key(), message.since()));
  }

  private void onCommit(Commit commit) {
    member.commit(commit).ifPresent(coordinator::tell);
  }

  private void onSnapshot(FollowerMessage.TakeSnapshot order) {
    Path directory = CheckpointFiles.newSnapshot(node.settings().output());
    member.replica().save(directory);
    coordinator.tell(new CoordinatorMessage.SnapshotTaken(order.step(), directory.toString()));
  }

  private Behavior<FollowerCommand> onSave(FollowerMessage.SaveCheckpoint order) {
    try {
      Path directory =
          CheckpointFiles.newUnfinished(node.settings().output(), order.step().value());
      member.replica().save(directory);
      writer.tell(
          new CheckpointMessage.Publish(
              order.step(), directory.toString(), order.runJson(), coordinator));
    } catch (RuntimeException e) {
      coordinator.tell(new CoordinatorMessage.CheckpointFailed(order.step(), Reasons.of(e)));
    }
    return this;
  }

  private Behavior<FollowerCommand> onEnd() {
    if (member != null) {
      member.close();
    }
    CheckpointFiles.deleteSnapshot(node.settings().output());
    return this;
  }
}
