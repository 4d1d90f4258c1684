package io.rglcd.cli.conformance;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one case gave.
 *
 * @param name of its directory
 * @param kind as case.json says; empty where it does not
 * @param supported whether there is a runner for the kind
 * @param tensors one result a tensor; never empty
 */
record CaseResult(String name, String kind, boolean supported, List<TensorResult> tensors) {

  boolean passed() {
    return tensors.stream().allMatch(TensorResult::pass);
  }

  String verdict() {
    if (!supported) {
      return "unsupported";
    }
    return passed() ? "pass" : "FAIL";
  }

  /** The largest of a number over all tensors; 0 if there is none. */
  double worst(ToDoubleFunction<TensorResult> number) {
    return tensors.stream().mapToDouble(number).filter(Double::isFinite).max().orElse(0);
  }
}
