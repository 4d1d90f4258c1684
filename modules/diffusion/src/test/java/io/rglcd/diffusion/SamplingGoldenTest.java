package io.rglcd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.models.UNet2DConditionConfig;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases lcm_sampling and ddim_teacher_sampling: diffusers' pipelines with tiny networks. */
class SamplingGoldenTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  private static final TorchFunction ROWS =
      TorchFunction.of(
          """
          def forward(self, noise: Tensor, index: int) -> Tensor:
            return torch.select(noise, 0, index)
          """);

  private static final TorchFunction BOTH =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return torch.cat([a, b])
          """);

  private final Scope scope = Scope.open();
  private SafetensorsFile io;
  private SchedulerConfig config;
  private UNet2DCondition unet;
  private Weights weights;

  private void open(String name) {
    Path directory = GOLDEN.resolve(name);
    io = SafetensorsFile.open(directory.resolve("io.safetensors"));
    config = SchedulerConfig.read(directory.resolve("scheduler_config.json"));
    unet = UNet2DCondition.of(UNet2DConditionConfig.read(directory.resolve("config.json")));
    weights = WeightFiles.load(scope, directory.resolve("weights.safetensors"), unet.layout());
  }

  @AfterEach
  void close() {
    scope.close();
    io.close();
  }

  private NDArray tensor(String name) {
    return io.read(scope, name);
  }

  private void check(String name, NDArray got, double abs, double relToMax) {
    NDArray expected = tensor(name);
    assertThat(got.getShape()).as(name).isEqualTo(expected.getShape());
    float[] have = got.toFloatArray();
    double[] want = new double[have.length];
    if (expected.getDataType() == DataType.FLOAT64) {
      want = expected.toDoubleArray();
    } else {
      float[] floats = expected.toFloatArray();
      for (int i = 0; i < want.length; i++) {
        want[i] = floats[i];
      }
    }
    double max = 0;
    for (double value : want) {
      max = Math.max(max, Math.abs(value));
    }
    for (int i = 0; i < want.length; i++) {
      assertThat(Math.abs(have[i] - want[i]))
          .as("error of %s[%d]", name, i)
          .isLessThanOrEqualTo(abs + relToMax * max);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "epsilon,1", "epsilon,2", "epsilon,4", "epsilon,8",
    "v_prediction,1", "v_prediction,2", "v_prediction,4", "v_prediction,8"
  })
  void consistencySamplingEqualsThePipelineAtEveryStep(String type, int steps) {
    open("lcm_sampling");
    config = config.withPredictionType(PredictionType.of(type));
    String run = type + ".steps" + steps + ".";
    assertThat(Timesteps.lcm(config, steps))
        .containsExactly(tensor(run + "timesteps").toLongArray());

    NDArray guidance = LcmSampler.guidance(scope, 8, 2, unet.config().timeCondProjDim());
    check(run + "w_embedding", guidance, 1e-3, 0);
    NDArray text = tensor("prompt_embeds");
    NDArray allNoise = tensor("step_noise");
    List<NDArray> noise = new ArrayList<>();
    for (long i = 0; i + 1 < steps; i++) {
      noise.add(ROWS.call(scope, allNoise, i));
    }
    List<Integer> seen = new ArrayList<>();
    NDArray latents =
        new LcmSampler(NoiseSchedule.of(config))
            .sample(
                scope,
                (inner, z, t) -> unet.forward(inner, weights, z, t, text, guidance),
                tensor("initial_noise"),
                noise,
                steps,
                (step, output, denoised, after) -> {
                  seen.add(step);
                  check(run + step + ".model_output", output, 2e-4, 0);
                  check(run + step + ".denoised", denoised, 2e-4, 0);
                  check(run + step + ".latents", after, 2e-4, 0);
                });
    check(run + "final", latents, 2e-4, 0);
    check(run + "final_f64", latents, 2e-4, 0);
    assertThat(seen).hasSize(steps);
  }

  @ParameterizedTest
  @ValueSource(strings = {"epsilon", "v_prediction"})
  void teacherSamplingEqualsThePipeline(String type) {
    open("ddim_teacher_sampling");
    config = config.withPredictionType(PredictionType.of(type));
    assertThat(Timesteps.ddim(config, 50))
        .containsExactly(tensor(type + ".timesteps").toLongArray());
    NDArray text = BOTH.call(scope, tensor("negative_prompt_embeds"), tensor("prompt_embeds"));
    List<Integer> compared = new ArrayList<>();
    NDArray latents =
        new DdimSampler(NoiseSchedule.of(config))
            .sample(
                scope,
                (inner, z, t) -> unet.forward(inner, weights, z, t, text, null),
                tensor("initial_noise"),
                50,
                7.5,
                (step, output, denoised, after) -> {
                  if (io.tensors().containsKey(type + ".step" + step)) {
                    compared.add(step);
                    check(type + ".step" + step, after, 0, 1e-3);
                  }
                });
    check(type + ".final", latents, 0, 1e-3);
    check(type + ".final_f64", latents, 0, 1e-3);
    assertThat(compared).containsExactly(0, 19, 44);
  }

  @Test
  void tooFewNoisesAreRefused() {
    open("lcm_sampling");
    LcmSampler sampler = new LcmSampler(NoiseSchedule.of(config));
    assertThatThrownBy(
            () ->
                sampler.sample(
                    scope,
                    (inner, z, t) -> z,
                    tensor("initial_noise"),
                    List.of(),
                    2,
                    SamplingObserver.NONE))
        .isInstanceOf(DiffusionException.class)
        .hasMessage("step noise: 0 tensors (expected: 1)");
  }
}
