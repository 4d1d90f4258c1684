package io.rglcd.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.diffusion.DdimSampler;
import io.rglcd.diffusion.NoisePredictor;
import io.rglcd.diffusion.NoiseSchedule;
import io.rglcd.diffusion.SchedulerConfig;
import io.rglcd.diffusion.Timesteps;
import io.rglcd.models.AutoencoderKl;
import io.rglcd.models.ClipText;
import io.rglcd.models.ClipTextConfig;
import io.rglcd.models.DiffusersDirectory;
import io.rglcd.models.OpenClip;
import io.rglcd.models.OpenClipConfig;
import io.rglcd.models.Posterior;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.models.tokenizer.TokenConvention;
import io.rglcd.rewards.ChannelStatistics;
import io.rglcd.rewards.ClipReward;
import io.rglcd.rewards.ImagePreprocess;
import io.rglcd.starter.Starter;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Torch;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded starter gives what the original code gave with the same files. */
class StarterReferenceTest {

  private static final Path REFERENCE = Path.of("src/test/resources/starter-reference");

  private static final TorchFunction PAIR =
      TorchFunction.of(
          """
          def forward(self, first: Tensor, second: Tensor) -> Tensor:
            return torch.cat([torch.expand_as(first, second), second])
          """);

  private static final TorchFunction HALVES =
      TorchFunction.of(
          """
          def forward(self, both: Tensor) -> List[Tensor]:
            return torch.chunk(both, 2)
          """);

  private static final TorchFunction DIVIDE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, by: float) -> Tensor:
            return torch.div(x, by)
          """);

  private static final TorchFunction TO_UNIT_RANGE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.clamp(x / 2 + 0.5, 0, 1)
          """);

  private static final TorchFunction MULTIPLY =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return a * b
          """);

  private static final TorchFunction UNIT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return x / torch.linalg_vector_norm(x, 2, [-1], True)
          """);

  @TempDir static Path cache;
  private static Starter starter;
  private static DiffusersDirectory teacher;
  private static JsonNode description;

  private Scope scope;
  private SafetensorsFile reference;

  @BeforeAll
  static void unpack() {
    Torch.setIntraOpThreads(1);
    starter = Starter.unpack(cache);
    teacher = DiffusersDirectory.open(starter.teacher());
    description = CaseDirectory.readJson(REFERENCE.resolve("reference.json"));
  }

  @BeforeEach
  void open() {
    scope = Scope.open();
    reference = SafetensorsFile.open(REFERENCE.resolve("reference.safetensors"));
  }

  @AfterEach
  void close() {
    scope.close();
    reference.close();
  }

  private NDArray read(String name) {
    return reference.read(scope, name);
  }

  private void equal(String name, NDArray got, double tolerance) {
    equal(name, TensorValues.of(got), tolerance);
  }

  private void equal(String name, TensorValues got, double tolerance) {
    TensorValues expected = TensorValues.of(read(name));
    assertThat(got.shape()).as(name).isEqualTo(expected.shape());
    double[] difference = expected.difference(got);
    for (int i = 0; i < difference.length; i++) {
      assertThat(difference[i]).as("%s[%d]", name, i).isLessThanOrEqualTo(tolerance);
    }
  }

  private static List<String> prompts() {
    List<String> prompts = new ArrayList<>();
    description.get("prompts").forEach(prompt -> prompts.add(prompt.asText()));
    return prompts;
  }

  @Test
  void tokenIds() {
    ClipTokenizer tokenizer = ClipTokenizer.load(teacher.tokenizer());

    assertThat(tokenizer.encodeAll(prompts())).isEqualTo(read("input_ids").toLongArray());
    assertThat(tokenizer.encode(description.get("negative_prompt").asText()))
        .isEqualTo(read("uncond_input_ids").toLongArray());
  }

  @Test
  void textStates() {
    ClipText text = ClipText.of(ClipTextConfig.read(teacher.textEncoder().resolve("config.json")));
    Weights weights = text.load(scope, teacher.textEncoder());

    equal("text_hidden_cond", text.lastHiddenState(scope, weights, read("input_ids")), 5e-5);
    equal(
        "text_hidden_uncond", text.lastHiddenState(scope, weights, read("uncond_input_ids")), 5e-5);
  }

  @Test
  void twentyFiveStepsOfTheTeacher() {
    UNet2DCondition unet = teacher.unet();
    Weights weights = teacher.unetWeights(scope);
    SchedulerConfig config = SchedulerConfig.of(teacher.schedulerConfig());
    int steps = description.get("num_inference_steps").asInt();
    double guidance = description.get("guidance_scale").asDouble();
    NDArray text = PAIR.call(scope, read("text_hidden_uncond"), read("text_hidden_cond"));
    NoisePredictor predictor =
        (inner, latents, timesteps) -> {
          NDArray both = unet.forward(inner, weights, latents, timesteps, text, null);
          if (timesteps.toLongArray()[0] == Timesteps.ddim(config, steps)[0]) {
            NDList halves = HALVES.callAll(inner, both);
            equal("eps_uncond_step0", halves.get(0), 5e-5);
            equal("eps_cond_step0", halves.get(1), 5e-5);
          }
          return both;
        };

    NDArray latents =
        new DdimSampler(NoiseSchedule.of(config))
            .sample(
                scope,
                predictor,
                read("init_latents"),
                steps,
                guidance,
                (step, output, denoised, after) -> {
                  if (step == 0) {
                    equal("latents_after_step0", after, 1e-4);
                  }
                });

    assertThat(Timesteps.ddim(config, steps)).isEqualTo(read("timesteps").toLongArray());
    equal("final_latents", latents, 2e-3);
  }

  @Test
  void autoencoder() {
    AutoencoderKl vae = teacher.vae();
    Weights weights = teacher.vaeWeights(scope);
    NDArray latents = DIVIDE.call(scope, read("final_latents"), vae.config().scalingFactor());
    Posterior posterior = vae.encode(scope, weights, read("vae_input"));

    equal("decoded_images", vae.decode(scope, weights, latents), 1e-4);
    equal("vae_mean", posterior.mean(), 1e-4);
    equal("vae_logvar", posterior.logvar(), 1e-4);
  }

  @Test
  void trainedReward() {
    scoresAs(starter.rewardClip(), "reward_clip");

    OpenClip clip = OpenClip.of(OpenClipConfig.read(starter.rewardClip().resolve("config.json")));
    Weights weights = clip.load(scope, starter.rewardClip());
    NDArray ids = openClipIds(clip);
    NDArray text = UNIT.call(scope, clip.textFeatures(scope, weights, ids));
    equal("reward_text_features", text, 1e-5);
    NDArray pixels = ImagePreprocess.normalize(scope, images(), ChannelStatistics.CLIP);
    NDArray image = UNIT.call(scope, clip.imageFeatures(scope, weights, pixels));
    equal("reward_image_features", image, 1e-5);
  }

  @Test
  void preferenceReward() {
    scoresAs(starter.prefClip(), "pref_clip");
  }

  private NDArray images() {
    return TO_UNIT_RANGE.call(scope, read("decoded_images"));
  }

  private NDArray openClipIds(OpenClip clip) {
    ClipTokenizer tokenizer =
        ClipTokenizer.load(starter.tokenizer())
            .withConvention(TokenConvention.OPEN_CLIP)
            .withContextLength(clip.config().text().contextLength());
    List<String> prompts = prompts();
    return scope
        .manager()
        .create(tokenizer.encodeAll(prompts), new Shape(prompts.size(), tokenizer.contextLength()));
  }

  private void scoresAs(Path directory, String name) {
    OpenClip clip = OpenClip.of(OpenClipConfig.read(directory.resolve("config.json")));
    Weights weights = clip.load(scope, directory);
    try (ClipReward reward = ClipReward.load(directory, starter.tokenizer(), Device.cpu())) {
      NDArray cosine = reward.score(scope, images(), prompts());

      equal(name + "_cosine", cosine, 1e-5);
      equal(name + "_scores", MULTIPLY.call(scope, cosine, clip.logitScale(scope, weights)), 1e-4);
    }
  }
}
