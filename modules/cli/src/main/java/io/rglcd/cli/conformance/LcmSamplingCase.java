package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.diffusion.LcmSampler;
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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Multistep consistency sampling with given noise: every intermediate of every run. */
final class LcmSamplingCase implements CaseRunner {

  private static final Pattern RUN = Pattern.compile("((\\w+)\\.steps(\\d+))\\..*");
  private static final Tolerance LATENTS = Tolerance.absolute(2e-4);
  private static final Tolerance EMBEDDING = Tolerance.absolute(2e-3);

  private static final TorchFunction UNBIND =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> List[Tensor]:
            return torch.unbind(x)
          """);

  @Override
  public String kind() {
    return "lcm_sampling";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    comparison.describesOriginal("stable_diffusion_pipeline_max_difference");
    UNet2DCondition net =
        UNet2DCondition.of(UNet2DConditionConfig.of(directory.json("config.json")));
    Set<String> runs = new TreeSet<>(comparison.awaited());
    try (Scope scope = Scope.open()) {
      Weights weights = directory.weights(scope, "weights.safetensors", net.layout());
      Sampling sampling = new Sampling(directory, comparison, net, weights);
      for (String tensor : runs) {
        Matcher run = RUN.matcher(tensor);
        if (comparison.awaits(tensor) && run.matches()) {
          sampling.run(run.group(1), run.group(2), Integer.parseInt(run.group(3)));
        }
      }
    }
  }

  private record Sampling(
      CaseDirectory directory, Comparison comparison, UNet2DCondition net, Weights weights) {

    void run(String name, String predictionType, int steps) {
      SchedulerConfig config =
          SchedulerConfig.of(scheduler()).withPredictionType(PredictionType.of(predictionType));
      comparison.offer(
          name + ".timesteps", TensorValues.vector(Timesteps.lcm(config, steps)), Tolerance.EXACT);
      try (Scope scope = Scope.open()) {
        NDArray noise = directory.read(scope, "initial_noise");
        NDArray embedding = embedding(scope, (int) noise.getShape().get(0));
        if (embedding != null) {
          comparison.offer(name + ".w_embedding", embedding, EMBEDDING);
        }
        NDArray text = directory.read(scope, "prompt_embeds");
        NoisePredictor student =
            (inner, latents, timesteps) ->
                net.forward(inner, weights, latents, timesteps, text, embedding);
        NDArray result =
            new LcmSampler(NoiseSchedule.of(config))
                .sample(
                    scope,
                    student,
                    noise,
                    stepNoise(scope),
                    steps,
                    (step, output, denoised, latents) -> {
                      String prefix = name + "." + step + ".";
                      comparison.offer(prefix + "model_output", output, LATENTS);
                      comparison.offer(prefix + "denoised", denoised, LATENTS);
                      comparison.offer(prefix + "latents", latents, LATENTS);
                    });
        comparison.offer(name + ".final", result, LATENTS);
      }
    }

    private ObjectNode scheduler() {
      ObjectNode json = directory.scalar("scheduler").deepCopy();
      json.put("original_inference_steps", directory.scalar("original_inference_steps").asInt());
      return json;
    }

    private NDArray embedding(Scope scope, int batch) {
      int dimension = net.config().timeCondProjDim();
      double scale = directory.scalar("guidance_scale").asDouble();
      return dimension == 0 ? null : LcmSampler.guidance(scope, scale, batch, dimension);
    }

    private List<NDArray> stepNoise(Scope scope) {
      return directory.has("step_noise")
          ? UNBIND.callAll(scope, directory.read(scope, "step_noise"))
          : List.of();
    }
  }
}
