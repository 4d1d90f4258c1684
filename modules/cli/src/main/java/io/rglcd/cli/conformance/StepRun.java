package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.RgLcdVariables;
import io.rglcd.distill.TrainingState;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** One run of consecutive training iterations, as {@code wd0} or {@code wd2}. */
final class StepRun {

  private static final Set<String> LOSSES = Set.of("distill_loss", "reward_loss", "loss");
  private static final Set<String> EXACT = Set.of("start_timesteps", "timesteps");
  private static final Tolerance LOSS = Tolerance.relative(1e-5);
  private static final Tolerance TENSOR = Tolerance.toMax(1e-4);
  private static final Tolerance GUIDANCE = Tolerance.absolute(2e-3);
  private static final Tolerance GRADIENT = Tolerance.toMax(1e-3);
  private static final Tolerance NORM = Tolerance.relative(1e-3);

  private final CaseDirectory directory;
  private final Comparison comparison;
  private final StepNetworks networks;
  private final String name;
  private final ParameterLayout layout;
  private final UpdateAllowance allowance;
  private final double learningRate;

  StepRun(CaseDirectory directory, Comparison comparison, StepNetworks networks, String name) {
    this.directory = directory;
    this.comparison = comparison;
    this.networks = networks;
    this.name = name;
    this.layout = networks.layout();
    this.learningRate = directory.scalar("learning_rate").asDouble();
    this.allowance =
        new UpdateAllowance(layout, learningRate, directory.scalar("ema_decay").asDouble());
  }

  void run() {
    try (Scope scope = Scope.open()) {
      TrainingState state = networks.newState(scope, weightDecay());
      int iterations = directory.scalar("iterations").asInt();
      for (int i = 0; i < iterations; i++) {
        iterate(state, i);
      }
    }
  }

  private double weightDecay() {
    String number = name.substring("wd".length());
    return number.equals("0") ? 0 : directory.scalar("weight_decay_" + number).asDouble();
  }

  private void iterate(TrainingState state, int iteration) {
    String prefix = name + ".iter" + iteration + ".";
    try (Scope scope = Scope.open()) {
      NDArray flat = Autograd.leaf(scope, state.student());
      RgLcdVariables variables = networks.evaluate(scope, iteration, flat, state.target());
      variables.all().forEach((variable, value) -> offer(prefix, variable, value));
      NDArray gradient = Autograd.gradient(scope, variables.get("loss"), flat, scope.create(1f));
      offerGradient(prefix, new ParameterValues(layout, gradient));
      CommitResult committed = state.commit(gradient);
      comparison.offer(
          prefix + "grad_norm_before_clip", TensorValues.scalar(committed.gradNorm()), NORM);
      allowance.update(new ParameterValues(layout, gradient));
      offerWeights(
          prefix + "student_after", iteration, state.student(), allowance::ofStudent, true);
      offerWeights(prefix + "target_after", iteration, state.target(), allowance::ofTarget, false);
    }
  }

  private void offer(String prefix, String variable, NDArray value) {
    String tensor = prefix + variable;
    if (!comparison.awaits(tensor)) {
      return;
    }
    TensorValues values = TensorValues.of(value).reshaped(directory.shape(tensor));
    comparison.offer(tensor, values, tolerance(prefix, variable));
  }

  /**
   * A mean of rewards and a sum of losses may cancel, so they are held to the size of their terms.
   */
  private Tolerance tolerance(String prefix, String variable) {
    String rewards = prefix + "expert_rewards";
    if (directory.has(rewards) && !variable.equals("distill_loss") && LOSSES.contains(variable)) {
      double terms = directory.scalar("reward_scale").asDouble() * directory.values(rewards).max();
      if (variable.equals("loss")) {
        terms += directory.values(prefix + "distill_loss").max();
      }
      return Tolerance.absolute(1e-5 * terms);
    }
    if (LOSSES.contains(variable)) {
      return LOSS;
    }
    if (EXACT.contains(variable)) {
      return Tolerance.EXACT;
    }
    return variable.equals("w_embedding") ? GUIDANCE : TENSOR;
  }

  private void offerGradient(String prefix, ParameterValues gradient) {
    double noise = UnetCase.GRADIENT_NOISE * gradient.max();
    if (comparison.awaits(prefix + "grad_norms")) {
      comparison.offer(
          prefix + "grad_norms",
          gradient.norms(directory.names("param_order")),
          NORM.widenedBy(noise));
    }
    for (String parameter : layout.shapes().keySet()) {
      if (comparison.awaits(prefix + "grad." + parameter)) {
        comparison.offer(
            prefix + "grad." + parameter, gradient.of(parameter), GRADIENT.widenedBy(noise));
      }
    }
  }

  private void offerWeights(
      String prefix,
      int iteration,
      NDArray flat,
      BiFunction<String, TensorValues, double[]> allowed,
      boolean pooled) {
    ParameterValues weights = new ParameterValues(layout, flat);
    List<double[]> differences = new ArrayList<>();
    for (String parameter : layout.shapes().keySet()) {
      String tensor = prefix + "." + parameter;
      if (comparison.awaits(tensor)) {
        TensorValues got = weights.of(parameter);
        differences.add(directory.values(tensor).difference(got));
        comparison.offer(tensor, got, allowed.apply(parameter, got));
      }
    }
    if (pooled && !differences.isEmpty()) {
      new UpdateQuantiles(directory, learningRate, iteration)
          .judge(comparison, prefix, differences.stream().flatMapToDouble(Arrays::stream));
    }
    offerNorms(prefix + "_norms", weights, allowed);
  }

  private void offerNorms(
      String tensor, ParameterValues weights, BiFunction<String, TensorValues, double[]> allowed) {
    if (!comparison.awaits(tensor)) {
      return;
    }
    List<String> order = directory.names("param_order");
    double[] allowedNorms =
        order.stream()
            .mapToDouble(
                parameter -> ParameterValues.norm(allowed.apply(parameter, weights.of(parameter))))
            .toArray();
    comparison.offer(tensor, weights.norms(order), allowedNorms);
  }
}
