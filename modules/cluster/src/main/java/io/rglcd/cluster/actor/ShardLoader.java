package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.stream.BoundedSourceQueue;
import akka.stream.QueueOfferResult;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.rglcd.cluster.LoadedRange;
import io.rglcd.cluster.MicroBatchSource;
import io.rglcd.cluster.protocol.WorkerCommand;
import io.rglcd.data.SampleRange;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Gives workers the samples of their ranges, through a stream that loads a bounded number at a
 * time. Demand comes from the workers: they ask for this step's ranges and the next one's.
 */
public final class ShardLoader extends AbstractBehavior<ShardLoader.Command> {

  /** What a loader handles; stays in the process, as the samples do. */
  public sealed interface Command {}

  /**
   * Load a range.
   *
   * @param replyTo receives {@link Loaded}
   */
  record Load(SampleRange range, ActorRef<Loaded> replyTo) implements Command {}

  /**
   * The answer.
   *
   * @param loaded the samples; empty if the source failed
   * @param failure why; empty unless it failed
   */
  record Loaded(SampleRange range, Optional<LoadedRange> loaded, String failure)
      implements WorkerCommand {}

  private record Answer(Loaded loaded, ActorRef<Loaded> to) {}

  private final BoundedSourceQueue<Load> queue;

  private ShardLoader(
      ActorContext<Command> context, MicroBatchSource source, int parallelism, int waiting) {
    super(context);
    this.queue =
        Source.<Load>queue(waiting)
            .mapAsyncUnordered(parallelism, load -> answer(source, load))
            .to(Sink.foreach(answer -> answer.to().tell(answer.loaded())))
            .run(context.getSystem());
  }

  /**
   * A loader.
   *
   * @param parallelism ranges loaded at a time
   * @param waiting ranges that may wait
   */
  public static Behavior<Command> create(MicroBatchSource source, int parallelism, int waiting) {
    return Behaviors.setup(context -> new ShardLoader(context, source, parallelism, waiting));
  }

  private static CompletionStage<Answer> answer(MicroBatchSource source, Load load) {
    return source
        .load(load.range())
        .handle(
            (loaded, failure) ->
                new Answer(
                    new Loaded(
                        load.range(),
                        Optional.ofNullable(loaded),
                        failure == null ? "" : Reasons.of(failure)),
                    load.replyTo()));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Load.class, this::onLoad)
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onLoad(Load load) {
    if (!queue.offer(load).equals(QueueOfferResult.enqueued())) {
      load.replyTo()
          .tell(new Loaded(load.range(), Optional.empty(), "too many ranges are waiting"));
    }
    return this;
  }

  private Behavior<Command> onStop() {
    queue.complete();
    return this;
  }
}
