package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import io.rglcd.cluster.LoadedRange;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.WorkerCommand;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleRange;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The samples a worker has asked for: those of its share, and those it will probably need next. */
final class WorkerSamples {

  private final ActorRef<ShardLoader.Command> loader;
  private final ActorRef<WorkerCommand> self;
  private final Map<SampleRange, LoadedRange> loaded = new HashMap<>();
  private final Set<SampleRange> wanted = new HashSet<>();

  WorkerSamples(ActorRef<ShardLoader.Command> loader, ActorRef<WorkerCommand> self) {
    this.loader = loader;
    this.self = self;
  }

  /** Asks for what a plan needs and is not there; forgets what it does not mention. */
  void want(WorkerShare share, Set<SampleRange> computed) {
    Set<SampleRange> needed =
        Stream.concat(
                share.microBatches().stream().map(MicroBatchShare::range),
                share.prefetch().stream())
            .filter(range -> !computed.contains(range))
            .collect(Collectors.toSet());
    loaded.keySet().retainAll(needed);
    wanted.retainAll(needed);
    Stream.concat(
            share.microBatches().stream().map(MicroBatchShare::range), share.prefetch().stream())
        .filter(needed::contains)
        .filter(wanted::add)
        .forEach(range -> loader.tell(new ShardLoader.Load(range, self.narrow())));
  }

  /**
   * Keeps an answer that is still wanted.
   *
   * @throws TrainingException if the source failed
   */
  void receive(ShardLoader.Loaded answer) {
    if (wanted.contains(answer.range())) {
      loaded.put(
          answer.range(),
          answer
              .loaded()
              .orElseThrow(
                  () ->
                      new TrainingException(
                          "samples of " + answer.range() + ": " + answer.failure())));
    }
  }

  /** The samples of a range, if they are there. */
  Optional<LoadedRange> get(SampleRange range) {
    return Optional.ofNullable(loaded.get(range));
  }

  /** Drops the samples of a range that is computed. */
  void forget(SampleRange range) {
    loaded.remove(range);
    wanted.remove(range);
  }
}
