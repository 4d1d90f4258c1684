package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import io.rglcd.cluster.LoadedRange;
import io.rglcd.cluster.LoadedRangeCodec;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.protocol.LoaderMessage;
import io.rglcd.cluster.protocol.LoaderReply;
import io.rglcd.data.SampleRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The samples of a node's workers: from loaders on other nodes while there are any, from this node
 * otherwise. A range whose loader is lost, late or fails is asked of the next; whoever answers
 * first is taken, since all of them load the same.
 */
final class LoaderPool extends AbstractBehavior<LoaderPool.Command> {

  /** What the pool handles; stays in the process. */
  sealed interface Command {}

  private record Want(SampleRange range, CompletableFuture<LoadedRange> result)
      implements Command {}

  private record Found(Receptionist.Listing listing) implements Command {}

  private record Replied(LoaderReply reply) implements Command {}

  private record Received(SampleRange range, LoadedRange loaded) implements Command {}

  private record Broken(SampleRange range, ActorRef<LoaderMessage> loader) implements Command {}

  private record Hopeless(SampleRange range, Throwable failure) implements Command {}

  private record Tick() implements Command {}

  /** A range on its way. */
  private static final class Request {
    private final List<CompletableFuture<LoadedRange>> results = new ArrayList<>();
    private final Set<ActorRef<LoaderMessage>> asked = new HashSet<>();
    private ActorRef<LoaderMessage> loader;
    private long since;
  }

  private static final Duration TICK = Duration.ofMillis(500);

  private final NodeContext node;
  private final ActorRef<LoaderReply> replies;
  private final Map<SampleRange, Request> requests = new HashMap<>();
  private Set<ActorRef<LoaderMessage>> loaders = Set.of();

  private LoaderPool(
      ActorContext<Command> context, TimerScheduler<Command> timers, NodeContext node) {
    super(context);
    this.node = node;
    this.replies = context.messageAdapter(LoaderReply.class, Replied::new);
    context
        .getSystem()
        .receptionist()
        .tell(
            Receptionist.subscribe(
                RangeLoader.LOADERS,
                context.messageAdapter(Receptionist.Listing.class, Found::new)));
    timers.startTimerWithFixedDelay(new Tick(), TICK);
  }

  /** A pool over the loaders of the cluster and the node's own source. */
  static Behavior<Command> create(NodeContext node) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new LoaderPool(context, timers, node)));
  }

  /** The pool as a source. */
  static MicroBatchSource source(ActorRef<Command> pool) {
    return range -> {
      CompletableFuture<LoadedRange> result = new CompletableFuture<>();
      pool.tell(new Want(range, result));
      return result;
    };
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Want.class, this::onWant)
        .onMessage(Found.class, this::onFound)
        .onMessage(Replied.class, this::onReplied)
        .onMessage(Received.class, this::onReceived)
        .onMessage(Broken.class, this::onBroken)
        .onMessage(Hopeless.class, this::onHopeless)
        .onMessage(Tick.class, tick -> onTick())
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onWant(Want want) {
    Request request = requests.get(want.range());
    if (request == null) {
      request = new Request();
      requests.put(want.range(), request);
      ask(want.range(), request);
    }
    request.results.add(want.result());
    return this;
  }

  /** Asks the loader with the least to do that was not asked yet, or loads here. */
  private void ask(SampleRange range, Request request) {
    request.since = node.nanos().getAsLong();
    request.loader =
        loaders.stream()
            .filter(loader -> !request.asked.contains(loader))
            .min(Comparator.comparingLong(this::waiting).thenComparing(Comparator.naturalOrder()))
            .orElse(null);
    if (request.loader == null) {
      loadHere(range);
    } else {
      request.asked.add(request.loader);
      request.loader.tell(new LoaderMessage.Load(range, replies));
    }
  }

  private long waiting(ActorRef<LoaderMessage> loader) {
    return requests.values().stream().filter(request -> loader.equals(request.loader)).count();
  }

  private void loadHere(SampleRange range) {
    getContext()
        .pipeToSelf(
            node.source().load(range),
            (loaded, failure) ->
                failure == null ? new Received(range, loaded) : new Hopeless(range, failure));
  }

  private Behavior<Command> onFound(Found found) {
    loaders = found.listing().getServiceInstances(RangeLoader.LOADERS);
    askOthers(request -> request.loader != null && !loaders.contains(request.loader));
    return this;
  }

  private Behavior<Command> onTick() {
    long late = node.settings().limits().patience().straggler().toNanos();
    long now = node.nanos().getAsLong();
    askOthers(request -> request.loader != null && now - request.since > late);
    return this;
  }

  private void askOthers(Predicate<Request> lost) {
    requests.entrySet().stream()
        .filter(entry -> lost.test(entry.getValue()))
        .toList()
        .forEach(entry -> ask(entry.getKey(), entry.getValue()));
  }

  private Behavior<Command> onReplied(Replied message) {
    Request request = requests.get(message.reply().range());
    if (message.reply() instanceof LoaderReply.Available available) {
      if (request == null) {
        available.parts().getSource().runWith(Sink.cancelled(), getContext().getSystem());
      } else {
        receive(available, request.loader);
      }
    } else if (request != null && request.loader != null) {
      ask(message.reply().range(), request);
    }
    return this;
  }

  private void receive(LoaderReply.Available available, ActorRef<LoaderMessage> loader) {
    SampleRange range = available.range();
    getContext()
        .pipeToSelf(
            available
                .parts()
                .getSource()
                .limitWeighted(available.bytes(), part -> (long) part.size())
                .runFold(ByteString.emptyByteString(), ByteString::concat, getContext().getSystem())
                .thenApply(bytes -> LoadedRangeCodec.decode(range, bytes.toArray())),
            (loaded, failure) ->
                failure == null ? new Received(range, loaded) : new Broken(range, loader));
  }

  private Behavior<Command> onReceived(Received message) {
    Request request = requests.remove(message.range());
    if (request != null) {
      request.results.forEach(result -> result.complete(message.loaded()));
    }
    return this;
  }

  private Behavior<Command> onBroken(Broken message) {
    Request request = requests.get(message.range());
    if (request != null && message.loader() != null && message.loader().equals(request.loader)) {
      ask(message.range(), request);
    }
    return this;
  }

  private Behavior<Command> onHopeless(Hopeless message) {
    Request request = requests.remove(message.range());
    if (request != null) {
      request.results.forEach(result -> result.completeExceptionally(message.failure()));
    }
    return this;
  }

  private Behavior<Command> onStop() {
    requests.values().stream()
        .flatMap(request -> request.results.stream())
        .forEach(
            result -> result.completeExceptionally(new TrainingException("the node is ending")));
    return this;
  }
}
