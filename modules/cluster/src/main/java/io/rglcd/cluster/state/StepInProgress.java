package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.CoordinatorMessage.GradientsReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleRange;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * An attempt and what is known of it.
 *
 * @param key the attempt
 * @param deal who computes what
 * @param slices who adds up what
 * @param gradients answers of the workers
 * @param means answers of the members and the follower
 * @param retried ranges whose gradient was not finite in an attempt before
 */
record StepInProgress(
    StepKey key,
    Deal deal,
    List<SliceOwner> slices,
    Map<WorkerId, GradientsReady> gradients,
    Map<WorkerId, MeanReady> means,
    Set<SampleRange> retried) {

  static StepInProgress of(
      StepKey key, Deal deal, List<SliceOwner> slices, Set<SampleRange> retried) {
    return new StepInProgress(key, deal, slices, Map.of(), Map.of(), Set.copyOf(retried));
  }

  StepInProgress with(GradientsReady answer) {
    return new StepInProgress(
        key, deal, slices, plus(gradients, answer.worker(), answer), means, retried);
  }

  StepInProgress with(MeanReady answer) {
    return new StepInProgress(
        key, deal, slices, gradients, plus(means, answer.worker(), answer), retried);
  }

  private static <V> Map<WorkerId, V> plus(Map<WorkerId, V> map, WorkerId worker, V value) {
    Map<WorkerId, V> sum = new TreeMap<>(map);
    sum.put(worker, value);
    return sum;
  }

  /** Results of all micro-batches, in the order of addition. */
  List<MicroBatchResult> results() {
    return gradients.values().stream()
        .flatMap(answer -> answer.results().stream())
        .sorted(Comparator.comparingInt(result -> result.share().index()))
        .toList();
  }

  List<SampleRange> nonFinite() {
    return results().stream()
        .filter(result -> !result.losses().finite())
        .map(result -> result.share().range())
        .toList();
  }

  List<UnreadableSample> unreadable() {
    return results().stream().flatMap(result -> result.unreadable().stream()).toList();
  }

  List<MicroBatchWeight> weights() {
    return readable()
        .map(r -> new MicroBatchWeight(r.share().index(), r.losses().samples()))
        .toList();
  }

  int samples() {
    return readable().mapToInt(result -> result.losses().samples()).sum();
  }

  /** The mean over samples of a mean over micro-batches. */
  double mean(ToDoubleFunction<MicroBatchResult> value) {
    return readable()
            .mapToDouble(result -> value.applyAsDouble(result) * result.losses().samples())
            .sum()
        / samples();
  }

  private Stream<MicroBatchResult> readable() {
    return results().stream().filter(result -> result.losses().samples() > 0);
  }

  boolean checksumsAgree() {
    return means.values().stream().mapToLong(MeanReady::checksum).distinct().count() == 1;
  }

  /** The worker that took longest to load and compute. */
  GradientsReady slowest() {
    return gradients.values().stream()
        .max(Comparator.comparingDouble(g -> g.loadSeconds() + g.computeSeconds()))
        .orElseThrow();
  }

  double reduceSeconds() {
    return means.values().stream().mapToDouble(MeanReady::seconds).max().orElse(0);
  }
}
