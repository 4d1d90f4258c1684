package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.CoordinatorMessage.GradientsReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleRange;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/**
 * An attempt and what is known of it.
 *
 * @param plan what the members were told
 * @param deal who computes what
 * @param gradients answers of the workers
 * @param results micro-batch index to its first answer
 * @param reduce the order to reduce; empty while members compute
 * @param means answers of participants and observers
 * @param retried ranges whose gradient was not finite in an attempt before
 * @param extended whether late micro-batches were dealt to others as well
 */
record StepInProgress(
    StepPlan plan,
    Deal deal,
    TreePMap<WorkerId, GradientsReady> gradients,
    TreePMap<Integer, Answer> results,
    Optional<Reduce> reduce,
    TreePMap<WorkerId, MeanReady> means,
    Set<SampleRange> retried,
    boolean extended) {

  /**
   * A micro-batch that is done.
   *
   * @param holder who has its gradient
   */
  record Answer(WorkerId holder, MicroBatchResult result) {}

  static StepInProgress of(StepPlan plan, Deal deal, Set<SampleRange> retried) {
    return new StepInProgress(
        plan,
        deal,
        TreePMap.empty(),
        TreePMap.empty(),
        Optional.empty(),
        TreePMap.empty(),
        Set.copyOf(retried),
        false);
  }

  StepKey key() {
    return plan.key();
  }

  StepInProgress with(GradientsReady answer) {
    TreePMap<Integer, Answer> first = results;
    for (MicroBatchResult result : answer.results()) {
      int index = result.share().index();
      if (!first.containsKey(index)) {
        first = first.plus(index, new Answer(answer.worker(), result));
      }
    }
    return new StepInProgress(
        plan,
        deal,
        gradients.plus(answer.worker(), answer),
        first,
        reduce,
        means,
        retried,
        extended);
  }

  StepInProgress with(MeanReady answer) {
    return new StepInProgress(
        plan,
        deal,
        gradients,
        results,
        reduce,
        means.plus(answer.worker(), answer),
        retried,
        extended);
  }

  StepInProgress reducing(Reduce order) {
    return new StepInProgress(
        plan, deal, gradients, results, Optional.of(order), means, retried, extended);
  }

  StepInProgress extendedBy(StepPlan wider) {
    return new StepInProgress(wider, deal, gradients, results, reduce, means, retried, true);
  }

  boolean isComputed() {
    return results.size() >= deal.holders().size()
        && deal.holders().keySet().stream().allMatch(s -> results.containsKey(s.index()));
  }

  boolean isReducedBy(WorkerId worker) {
    return reduce.stream()
        .flatMap(r -> r.participants().stream())
        .anyMatch(member -> member.worker().equals(worker));
  }

  /** Whether every participant holds the mean. */
  boolean isReduced() {
    if (means.size() < reduce.map(r -> r.participants().size()).orElse(0)) {
      return false;
    }
    return reduce.stream()
        .flatMap(r -> r.participants().stream())
        .allMatch(member -> means.containsKey(member.worker()));
  }

  boolean checksumsAgree() {
    return reduce.stream()
            .flatMap(r -> r.participants().stream())
            .map(member -> means.get(member.worker()).checksum())
            .distinct()
            .count()
        == 1;
  }

  /** The participants' checksum. */
  long checksum() {
    return means.get(reduce.orElseThrow().participants().get(0).worker()).checksum();
  }

  /** Results of all micro-batches, in the order of addition. */
  List<MicroBatchResult> inOrder() {
    return results.values().stream().map(Answer::result).toList();
  }

  List<SampleRange> nonFinite() {
    return inOrder().stream()
        .filter(result -> !result.losses().finite())
        .map(result -> result.share().range())
        .toList();
  }

  List<UnreadableSample> unreadable() {
    return inOrder().stream().flatMap(result -> result.unreadable().stream()).toList();
  }

  List<MicroBatchWeight> weights() {
    return results.values().stream()
        .filter(answer -> answer.result().losses().samples() > 0)
        .map(
            answer ->
                new MicroBatchWeight(
                    answer.result().share().index(),
                    answer.result().losses().samples(),
                    answer.holder()))
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
    return inOrder().stream().filter(result -> result.losses().samples() > 0);
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
