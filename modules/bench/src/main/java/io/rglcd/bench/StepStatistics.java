package io.rglcd.bench;

import io.rglcd.cluster.StepSeconds;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Medians and shares of step times. */
final class StepStatistics {

  private StepStatistics() {}

  /**
   * The middle value, or the mean of the two middle ones.
   *
   * @throws IllegalArgumentException if there is no value
   */
  static double median(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("values: 0 (expected: >= 1)");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** The median of one part of the steps. */
  static double median(List<StepSeconds> steps, ToDoubleFunction<StepSeconds> part) {
    return median(steps.stream().map(part::applyAsDouble).toList());
  }

  /** Share of a step in which no gradient, reduction or update was computed: 0 to 1. */
  static double shareOutsideTensors(StepSeconds step) {
    return (step.load() + step.other()) / step.total();
  }

  /** The same if the whole reduction, sums and waiting alike, is counted as outside. */
  static double shareOutsideTensorsWithReduce(StepSeconds step) {
    return (step.load() + step.other() + step.reduce()) / step.total();
  }
}
