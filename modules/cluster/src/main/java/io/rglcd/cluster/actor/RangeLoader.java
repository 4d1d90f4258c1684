package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.ServiceKey;
import akka.stream.SourceRef;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.StreamRefs;
import akka.util.ByteString;
import io.rglcd.cluster.LoadedRange;
import io.rglcd.cluster.LoadedRangeCodec;
import io.rglcd.cluster.protocol.AssistantCommand;
import io.rglcd.cluster.protocol.AssistantMessage;
import io.rglcd.cluster.protocol.LoaderMessage;
import io.rglcd.cluster.protocol.LoaderReply;
import io.rglcd.data.SampleRange;

/**
 * Loads samples for workers on other nodes, once a coordinator has found its configuration equal.
 * Ranges that are asked for wait in the {@link ShardLoader}, which is bounded; the bytes leave as
 * fast as the worker's node takes them.
 */
public final class RangeLoader extends AbstractBehavior<AssistantCommand> {

  /** Workers' nodes find loaders under this key. */
  public static final ServiceKey<LoaderMessage> LOADERS =
      ServiceKey.create(LoaderMessage.class, "rglcd-loader");

  /** Small enough for a frame of the actor system's transport. */
  private static final int PART_BYTES = 128 << 10;

  private record Loaded(ShardLoader.Loaded answer, ActorRef<LoaderReply> replyTo)
      implements AssistantCommand {}

  private final NodeContext node;
  private final ActorRef<ShardLoader.Command> shards;
  private final Attendance attendance;

  private RangeLoader(
      ActorContext<AssistantCommand> context,
      NodeContext node,
      ActorRef<ShardLoader.Command> shards,
      ActorRef<Attendance.Dismissal> dismissed) {
    super(context);
    this.node = node;
    this.shards = shards;
    this.attendance = new Attendance(node, context.getSelf().narrow(), dismissed);
  }

  /**
   * A loader.
   *
   * @param dismissed is told when the loader is not needed any more
   */
  static Behavior<AssistantCommand> create(
      NodeContext node,
      ActorRef<ShardLoader.Command> shards,
      ActorRef<Attendance.Dismissal> dismissed) {
    return Behaviors.setup(context -> new RangeLoader(context, node, shards, dismissed));
  }

  @Override
  public Receive<AssistantCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(AssistantMessage.class, this::onAttendance)
        .onMessage(LoaderMessage.Load.class, this::onLoad)
        .onMessage(Loaded.class, this::onLoaded)
        .build();
  }

  private Behavior<AssistantCommand> onAttendance(AssistantMessage message) {
    attendance.receive(message);
    return this;
  }

  private Behavior<AssistantCommand> onLoad(LoaderMessage.Load message) {
    if (!attendance.isWelcome()) {
      message
          .replyTo()
          .tell(new LoaderReply.Unavailable(message.range(), node.name() + " is not ready"));
      return this;
    }
    ActorRef<AssistantCommand> self = getContext().getSelf();
    ActorRef<ShardLoader.Loaded> answer =
        getContext()
            .spawnAnonymous(
                Behaviors.receiveMessage(
                    loaded -> {
                      self.tell(new Loaded(loaded, message.replyTo()));
                      return Behaviors.stopped();
                    }));
    shards.tell(new ShardLoader.Load(message.range(), answer));
    return this;
  }

  private Behavior<AssistantCommand> onLoaded(Loaded message) {
    SampleRange range = message.answer().range();
    message
        .replyTo()
        .tell(
            message
                .answer()
                .loaded()
                .<LoaderReply>map(this::available)
                .orElseGet(() -> new LoaderReply.Unavailable(range, message.answer().failure())));
    return this;
  }

  private LoaderReply available(LoadedRange loaded) {
    ByteString bytes = ByteString.fromArrayUnsafe(LoadedRangeCodec.encode(loaded));
    SourceRef<ByteString> parts =
        Source.range(0, (bytes.size() - 1) / PART_BYTES)
            .map(part -> bytes.slice(part * PART_BYTES, (part + 1) * PART_BYTES))
            .runWith(StreamRefs.sourceRef(), getContext().getSystem());
    return new LoaderReply.Available(loaded.range(), bytes.size(), parts);
  }
}
