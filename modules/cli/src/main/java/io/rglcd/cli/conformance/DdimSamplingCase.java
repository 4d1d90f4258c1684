package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import io.rglcd.diffusion.DdimSampler;
import io.rglcd.diffusion.NoisePredictor;
import io.rglcd.diffusion.NoiseSchedule;
import io.rglcd.diffusion.PredictionType;
import io.rglcd.diffusion.SchedulerConfig;
import io.rglcd.diffusion.Timesteps;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.models.UNet2DConditionConfig;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the teacher makes pictures: DDIM with classifier-free guidance. */
final class DdimSamplingCase implements CaseRunner {

  private static final Pattern RUN = Pattern.compile("(\\w+)\\.(?:final|timesteps|step\\d+)");
  private static final Tolerance LATENTS = Tolerance.toMax(1e-3);

  private static final TorchFunction PAIR =
      TorchFunction.of(
          """
          def forward(self, first: Tensor, second: Tensor) -> Tensor:
            return torch.cat([first, second])
          """);

  @Override
  public String kind() {
    return "ddim_sampling";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    UNet2DCondition net =
        UNet2DCondition.of(UNet2DConditionConfig.of(directory.json("config.json")));
    Set<String> types = new TreeSet<>();
    for (String tensor : comparison.awaited()) {
      Matcher run = RUN.matcher(tensor);
      if (run.matches()) {
        types.add(run.group(1));
      }
    }
    try (Scope scope = Scope.open()) {
      Weights weights = directory.weights(scope, "weights.safetensors", net.layout());
      for (String type : types) {
        sample(directory, comparison, net, weights, type);
      }
    }
  }

  private static void sample(
      CaseDirectory directory,
      Comparison comparison,
      UNet2DCondition net,
      Weights weights,
      String type) {
    SchedulerConfig config =
        SchedulerConfig.of(directory.scalar("scheduler"))
            .withPredictionType(PredictionType.of(type));
    int steps = directory.scalar("num_inference_steps").asInt();
    comparison.offer(
        type + ".timesteps", TensorValues.vector(Timesteps.ddim(config, steps)), Tolerance.EXACT);
    try (Scope scope = Scope.open()) {
      NDArray text =
          PAIR.call(
              scope,
              directory.read(scope, "negative_prompt_embeds"),
              directory.read(scope, "prompt_embeds"));
      NoisePredictor teacher =
          (inner, latents, timesteps) ->
              net.forward(inner, weights, latents, timesteps, text, null);
      NDArray result =
          new DdimSampler(NoiseSchedule.of(config))
              .sample(
                  scope,
                  teacher,
                  directory.read(scope, "initial_noise"),
                  steps,
                  directory.scalar("guidance_scale").asDouble(),
                  (step, output, denoised, latents) ->
                      comparison.offer(type + ".step" + step, latents, LATENTS));
      comparison.offer(type + ".final", result, LATENTS);
    }
  }
}
