package io.rglcd.cli.conformance;

import java.util.stream.DoubleStream;

/**
 * Judges all updated weights of an iteration together: half, 99% and 99.9% of them must be as close
 * as rounding explains. The case says what rounding does, {@code
 * f64.iter<i>.student_after_difference} (max, 99.9%, 99% and 50% quantile between the original's
 * float32 and float64 runs); ten times that is allowed, or the given small part of the learning
 * rate where that is more.
 */
final class UpdateQuantiles {

  private static final double FACTOR = 10;

  private final CaseDirectory directory;
  private final double learningRate;
  private final int iteration;

  UpdateQuantiles(CaseDirectory directory, double learningRate, int iteration) {
    this.directory = directory;
    this.learningRate = learningRate;
    this.iteration = iteration;
  }

  /** Adds one result a quantile, named after the group of tensors. */
  void judge(Comparison comparison, String group, DoubleStream differences) {
    double[] sorted = differences.sorted().toArray();
    judge(comparison, group + " (50% quantile)", sorted, 0.5, 3, 3e-5);
    judge(comparison, group + " (99% quantile)", sorted, 0.99, 2, 1e-3);
    judge(comparison, group + " (99.9% quantile)", sorted, 0.999, 1, 1e-2);
  }

  private void judge(
      Comparison comparison,
      String name,
      double[] sorted,
      double quantile,
      int index,
      double ofRate) {
    double found = sorted[(int) Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))];
    String reference = "f64.iter" + iteration + ".student_after_difference";
    double rounding = directory.has(reference) ? directory.values(reference).entries()[index] : 0;
    double limit = Math.max(FACTOR * rounding, ofRate * learningRate);
    comparison.verdict(name, found, learningRate, limit, found <= limit);
  }
}
