package io.rglcd.cluster;

import io.rglcd.cluster.TrainingEvent.StepCommitted;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.MicroBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A run of fakes, its events and its result. */
final class Run {

  static final long SAMPLES = 23;

  final List<TrainingEvent> events = Collections.synchronizedList(new ArrayList<>());
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
            range -> CompletableFuture.supplyAsync(() -> load(range)),
            event -> {
              events.add(event);
              reaction.accept(started.join(), event);
            });
    started.complete(run);
    return run.result().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private LoadedRange load(SampleRange range) {
    List<Long> ids = new ArrayList<>();
    List<UnreadableSample> bad = new ArrayList<>();
    for (long at = range.start(); at < range.end(); at++) {
      if (unreadable.contains(at)) {
        bad.add(new UnreadableSample(at, "picture corrupt"));
      } else {
        ids.add(at);
      }
    }
    if (ids.isEmpty()) {
      return new LoadedRange(range, Optional.empty(), bad);
    }
    float[] pixels = new float[3 * ids.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(range.epoch() * 31.0 + ids.get(i / 3) * 7.0 + i % 3);
    }
    List<String> captions = ids.stream().map(id -> "sample " + id).toList();
    return new LoadedRange(
        range, Optional.of(new MicroBatch(range.epoch(), ids, pixels, 1, captions)), bad);
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
