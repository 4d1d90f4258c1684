package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Collects what a case's runner computed and compares it with what the case expects. A float64 run
 * of the original on the same inputs, where the case has one, is not compared but shows what
 * rounding alone does: three times its distance from the float32 run is allowed on top of the
 * tolerance.
 */
final class Comparison {

  private static final Pattern DOUBLE_RUN = Pattern.compile("(.*[._])?f64(\\..*)?");

  /**
   * Runs that differ from {@code wd0} in the weight decay only; float64 runs exist for that one.
   */
  private static final Pattern FURTHER_RUN = Pattern.compile("^wd\\d+\\.");

  private static final double ROUNDING_ALLOWANCE = 3;

  private final String caseName;
  private final String kind;
  private final CaseDirectory directory;
  private final Set<String> awaited = new LinkedHashSet<>();
  private final List<TensorResult> results = new ArrayList<>();

  Comparison(String caseName, CaseDirectory directory) {
    this.caseName = caseName;
    this.kind = directory.json().path("kind").asText();
    this.directory = directory;
    for (String name : directory.tensorNames()) {
      if (!directory.isInput(name) && !DOUBLE_RUN.matcher(name).matches()) {
        awaited.add(name);
      }
    }
  }

  /** Whether the case expects a tensor of that name that has not been compared yet. */
  boolean awaits(String tensor) {
    return awaited.contains(tensor);
  }

  /** The expected tensors that have not been compared yet. */
  List<String> awaited() {
    return List.copyOf(awaited);
  }

  /** Compares one result, if the case expects it. */
  void offer(String tensor, NDArray got, Tolerance tolerance) {
    if (awaits(tensor)) {
      offer(tensor, TensorValues.of(got), tolerance);
    }
  }

  /** Compares one result of a float64 run, if the case holds one of the original's. */
  void offerDouble(String tensor, NDArray got, Tolerance tolerance) {
    if (directory.has(tensor)) {
      TensorValues expected = directory.values(tensor);
      double[] allowed = new double[expected.entries().length];
      Arrays.fill(allowed, tolerance.allowed(0, expected.max()));
      judge(tensor, TensorValues.of(got), expected, allowed);
    }
  }

  /** Compares one result, if the case expects it. */
  void offer(String tensor, TensorValues got, Tolerance tolerance) {
    if (!awaited.remove(tensor)) {
      return;
    }
    TensorValues expected = directory.values(tensor);
    double max = expected.max();
    double stated = tolerance.allowed(max, max);
    Tolerance widened = tolerance.widenedBy(Math.min(stated, rounding(tensor, expected)));
    double[] allowed =
        Arrays.stream(expected.entries()).map(entry -> widened.allowed(entry, max)).toArray();
    judge(tensor, got, expected, allowed);
  }

  /**
   * Compares one result, if the case expects it.
   *
   * @param allowed the difference allowed at each entry
   */
  void offer(String tensor, TensorValues got, double[] allowed) {
    if (awaited.remove(tensor)) {
      judge(tensor, got, directory.values(tensor), allowed);
    }
  }

  private void judge(String tensor, TensorValues got, TensorValues expected, double[] allowed) {
    if (!got.shape().equals(expected.shape())) {
      results.add(
          TensorResult.failure(
              caseName,
              kind,
              tensor,
              "shape of " + tensor + ": " + got.shape() + " (expected: " + expected.shape() + ")"));
      return;
    }
    double[] difference = expected.difference(got);
    double worst = 0;
    double widest = 0;
    boolean pass = true;
    for (int i = 0; i < difference.length; i++) {
      pass &= difference[i] <= allowed[i];
      worst = Math.max(worst, difference[i]);
      widest = Math.max(widest, allowed[i]);
    }
    verdict(tensor, worst, expected.max(), widest, pass);
  }

  /**
   * Records a comparison that was made elsewhere.
   *
   * @param maxExpected the largest expected entry, to which the difference is related
   */
  void verdict(String tensor, double maxAbs, double maxExpected, double tolerance, boolean pass) {
    awaited.remove(tensor);
    double maxRel = maxExpected == 0 ? maxAbs : maxAbs / maxExpected;
    String message = Double.isNaN(maxAbs) ? tensor + " has values that are not numbers" : "";
    results.add(new TensorResult(caseName, kind, tensor, maxAbs, maxRel, tolerance, pass, message));
  }

  /** Compares something that is no tensor; only a difference becomes a result. */
  void requireEqual(String what, Object got, Object expected) {
    if (!got.equals(expected)) {
      results.add(
          TensorResult.failure(
              caseName, kind, "", what + ": " + got + " (expected: " + expected + ")"));
    }
  }

  /** Takes a tensor out that only describes the original run. */
  void describesOriginal(String tensor) {
    awaited.remove(tensor);
  }

  /** Ends with one failure for each expected tensor that was never computed. */
  List<TensorResult> finish() {
    for (String tensor : awaited) {
      results.add(
          TensorResult.failure(
              caseName, kind, tensor, tensor + " is expected by the case but was not computed"));
    }
    awaited.clear();
    return results();
  }

  /** What was compared so far. */
  List<TensorResult> results() {
    return List.copyOf(results);
  }

  /** Three times the distance between the original's float32 and float64 runs, where both are. */
  private double rounding(String tensor, TensorValues expected) {
    String measured = FURTHER_RUN.matcher(tensor).replaceFirst("wd0.");
    return doubleRun(measured)
        .filter(wide -> directory.has(measured))
        .filter(wide -> directory.shape(wide).equals(expected.shape()))
        .map(wide -> maxDifference(directory.values(wide), directory.values(measured)))
        .map(difference -> ROUNDING_ALLOWANCE * difference)
        .orElse(0.0);
  }

  /**
   * What rounding alone does to the original, over all of those tensors that have a float64 run:
   * the largest distance between the two runs relative to its tensor's largest entry.
   */
  double relativeRounding(Predicate<String> tensors) {
    double worst = 0;
    for (String name : directory.tensorNames()) {
      Optional<String> wide = tensors.test(name) ? doubleRun(name) : Optional.empty();
      if (wide.isPresent()) {
        TensorValues values = directory.values(name);
        double difference = maxDifference(directory.values(wide.get()), values);
        worst = Math.max(worst, difference == 0 ? 0 : difference / values.max());
      }
    }
    return worst;
  }

  private static double maxDifference(TensorValues a, TensorValues b) {
    double max = 0;
    for (double difference : a.difference(b)) {
      max = Math.max(max, difference);
    }
    return max;
  }

  /** {@code x_f64}, {@code run_f64.x} for {@code run.x}, or {@code f64.x} for {@code wd0.x}. */
  private Optional<String> doubleRun(String tensor) {
    List<String> candidates = new ArrayList<>(List.of(tensor + "_f64"));
    int dot = tensor.indexOf('.');
    if (dot > 0) {
      candidates.add(tensor.substring(0, dot) + "_f64" + tensor.substring(dot));
      if (tensor.startsWith("wd0.")) {
        candidates.add("f64" + tensor.substring(dot));
      }
    }
    return candidates.stream().filter(directory::has).findFirst();
  }
}
