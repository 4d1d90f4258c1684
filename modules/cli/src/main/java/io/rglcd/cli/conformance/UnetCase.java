package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.models.UNet2DConditionConfig;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The noise predictor alone: outputs with and without the guidance embedding and of the variant
 * without its weights, and the gradients of sum(output * R) to latents, text states and every
 * parameter.
 */
final class UnetCase implements CaseRunner {

  private static final double OUTPUT = 2e-5;
  private static final double GRADIENT = 1e-4;

  /**
   * Deep networks of two-channel groups are so sensitive that rounding alone exceeds the stated
   * tolerances; so many times the original's own rounding is allowed.
   */
  private static final double OUTPUT_ROUNDING = 3;

  private static final double GRADIENT_ROUNDING = 10;

  /** But never more than so many times the stated tolerance. */
  private static final double WIDEST = 5;

  /**
   * A gradient that is zero in exact arithmetic is rounding noise of the others' size; it cannot be
   * compared relative to itself.
   */
  static final double GRADIENT_NOISE = 2e-7;

  /** In float64 only the sinusoidal embedding, float32 as in the original, is rounded. */
  private static final double WIDE_RUN = 1e-5;

  private static final TorchFunction TO_DOUBLE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.to(x, 7)
          """);

  @Override
  public String kind() {
    return "unet";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    ObjectNode config = (ObjectNode) directory.json("config.json");
    UNet2DCondition net = UNet2DCondition.of(UNet2DConditionConfig.of(config));
    UNet2DCondition teacher =
        UNet2DCondition.of(
            UNet2DConditionConfig.of(config.deepCopy().putNull("time_cond_proj_dim")));
    try (Scope scope = Scope.open()) {
      Weights weights = directory.weights(scope, "weights.safetensors", net.layout());
      double rounding = comparison.relativeRounding(name -> name.contains(".grad_"));
      double gradient =
          Math.min(WIDEST * GRADIENT, Math.max(GRADIENT, GRADIENT_ROUNDING * rounding));
      Tolerance output =
          new Tolerance(
              OUTPUT,
              Math.min(
                  WIDEST * OUTPUT,
                  OUTPUT_ROUNDING * comparison.relativeRounding(name -> name.endsWith(".output"))),
              0);
      Variant variant = new Variant(directory, comparison, scope, weights, output, gradient);
      if (directory.has("timestep_cond")) {
        variant.run("cond", net, "param_order", directory.read(scope, "timestep_cond"));
        variant.runInFloat64("cond_f64", net, directory.read(scope, "timestep_cond"));
      }
      variant.run("nocond", net, "param_order", null);
      variant.run("teacher", teacher, "param_order_teacher", null);
      variant.runWithOneTimestep(net);
    }
  }

  private record Variant(
      CaseDirectory directory,
      Comparison comparison,
      Scope scope,
      Weights weights,
      Tolerance outputTolerance,
      double gradient) {

    void run(String name, UNet2DCondition net, String orderKey, NDArray timestepCond) {
      if (!comparison.awaits(name + ".output")) {
        return;
      }
      try (Scope inner = scope.child()) {
        NDArray sample = Autograd.leaf(inner, directory.read(inner, "sample"));
        NDArray text = Autograd.leaf(inner, directory.read(inner, "encoder_hidden_states"));
        NDArray flat = Autograd.leaf(inner, net.layout().flatten(inner, weights));
        NDArray timesteps = directory.read(inner, "timesteps");
        NDArray output =
            Autograd.recording(
                () ->
                    net.forward(
                        inner,
                        net.layout().bind(inner, flat),
                        sample,
                        timesteps,
                        text,
                        timestepCond));
        offer(name + ".output", output, outputTolerance);
        NDList gradients =
            Autograd.gradients(
                inner, output, List.of(sample, text, flat), directory.read(inner, "R"));
        offer(name + ".grad_sample", gradients.get(0), Tolerance.toMax(gradient));
        offer(name + ".grad_encoder_hidden_states", gradients.get(1), Tolerance.toMax(gradient));
        offerParameters(name, orderKey, new ParameterValues(net.layout(), gradients.get(2)));
      }
    }

    /** The same without rounding to float32: what is left is not a matter of kernels. */
    void runInFloat64(String name, UNet2DCondition net, NDArray timestepCond) {
      if (!directory.has(name + ".output")) {
        return;
      }
      try (Scope inner = scope.child()) {
        UnaryOperator<NDArray> wide = x -> TO_DOUBLE.call(inner, x);
        NDArray sample = Autograd.leaf(inner, wide.apply(directory.read(inner, "sample")));
        NDArray text =
            Autograd.leaf(inner, wide.apply(directory.read(inner, "encoder_hidden_states")));
        NDArray flat = wide.apply(net.layout().flatten(inner, weights));
        NDArray timesteps = directory.read(inner, "timesteps");
        NDArray cond = wide.apply(timestepCond);
        NDArray output =
            Autograd.recording(
                () ->
                    net.forward(
                        inner, net.layout().bind(inner, flat), sample, timesteps, text, cond));
        NDList gradients =
            Autograd.gradients(
                inner, output, List.of(sample, text), wide.apply(directory.read(inner, "R")));
        Tolerance exact = Tolerance.toMax(WIDE_RUN);
        comparison.offerDouble(name + ".output", output, exact);
        comparison.offerDouble(name + ".grad_sample", gradients.get(0), exact);
        comparison.offerDouble(name + ".grad_encoder_hidden_states", gradients.get(1), exact);
      }
    }

    private void offerParameters(String name, String orderKey, ParameterValues gradients) {
      double noise = GRADIENT_NOISE * gradients.max();
      String norms = name + ".grad_norms";
      if (comparison.awaits(norms)) {
        comparison.offer(
            norms,
            gradients.norms(directory.names(orderKey)),
            Tolerance.of(directory.json(), Tolerance.relative(gradient)).widenedBy(noise));
      }
      String prefix = name + ".grad.";
      for (String awaited : comparison.awaited()) {
        if (awaited.startsWith(prefix)) {
          comparison.offer(
              awaited,
              gradients.of(awaited.substring(prefix.length())),
              Tolerance.of(directory.json(), Tolerance.toMax(gradient)).widenedBy(noise));
        }
      }
    }

    void runWithOneTimestep(UNet2DCondition net) {
      String tensor = "scalar_timestep.output";
      if (!comparison.awaits(tensor)) {
        return;
      }
      try (Scope inner = scope.child()) {
        NDArray sample = directory.read(inner, "sample");
        long[] timesteps = new long[(int) sample.getShape().get(0)];
        Arrays.fill(timesteps, directory.scalar("scalar_timestep").asLong());
        NDArray text = directory.read(inner, "encoder_hidden_states");
        NDArray output = net.forward(inner, weights, sample, inner.create(timesteps), text, null);
        offer(tensor, output, outputTolerance);
      }
    }

    private void offer(String tensor, NDArray got, Tolerance prose) {
      comparison.offer(tensor, got, Tolerance.of(directory.json(), prose));
    }
  }
}
