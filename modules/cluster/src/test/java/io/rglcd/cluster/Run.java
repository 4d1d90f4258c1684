package io.rglcd.cluster;

import io.rglcd.cluster.TrainingEvent.StepCommitted;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.data.SampleRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/** A run of fakes, its events and its result. */
final class Run {

  static final long SAMPLES = 23;

  final List<TrainingEvent> events = Collections.synchronizedList(new ArrayList<>());

  /** How far samples had been asked for when each step was committed. */
  final List<Long> askedByStep = Collections.synchronizedList(new ArrayList<>());

  private final AtomicLong asked = new AtomicLong();
  private FaultyReplica.Fault fault = (member, step, batch, losses) -> losses;
  private Set<Long> unreadable = Set.of();
  private BiConsumer<TrainingRun, TrainingEvent> reaction = (run, event) -> {};
  private final CompletableFuture<TrainingRun> started = new CompletableFuture<>();

  Run fault(FaultyReplica.Fault injected) {
    fault = injected;
    return this;
  }

  Run unreadable(Long... positions) {
    unreadable = Set.of(positions);
    return this;
  }

  Run on(BiConsumer<TrainingRun, TrainingEvent> reactionToEvents) {
    reaction = reactionToEvents;
    return this;
  }

  static RunLimits limits(int workers, long steps) {
    return new RunLimits(workers, 1, 2, 2, steps, 5, 1, 3);
  }

  static TrainingSettings settings(RunLimits limits, Path output) {
    return TrainingSettings.of(limits, SAMPLES, output, Map.of("seed", "7"));
  }

  TrainingResult finish(TrainingSettings settings) throws Exception {
    TrainingRun run =
        TrainingRun.start(
            settings,
            (member, device) -> new FaultyReplica(member, new FakeReplica(), fault),
            range -> {
              asked.accumulateAndGet(range.epoch() * SAMPLES + range.end(), Math::max);
              return CompletableFuture.supplyAsync(() -> FakeSource.load(range, unreadable));
            },
            event -> {
              events.add(event);
              if (event instanceof StepCommitted) {
                askedByStep.add(asked.get());
              }
              reaction.accept(started.join(), event);
            });
    started.complete(run);
    return run.result().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  <T extends TrainingEvent> List<T> all(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  List<List<SampleRange>> committedRanges() {
    return all(StepCommitted.class).stream().map(e -> e.record().ranges()).toList();
  }

  List<String> digests() {
    return all(StepCommitted.class).stream().map(e -> e.record().digest()).toList();
  }
}
