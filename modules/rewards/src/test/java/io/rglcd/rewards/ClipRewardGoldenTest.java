package io.rglcd.rewards;

import ai.djl.ndarray.NDArray;
import io.rglcd.models.HfClip;
import io.rglcd.models.HfClipConfig;
import io.rglcd.models.OpenClip;
import io.rglcd.models.OpenClipConfig;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases clip_reward*, and the rewards of clip_openclip* and clip_hf_full. */
class ClipRewardGoldenTest {

  @ParameterizedTest
  @ValueSource(strings = {"clip_reward", "clip_reward_quickgelu"})
  void scoreAndImageGradientEqualTheOfficialCode(String name) throws IOException {
    try (GoldenCase golden = new GoldenCase(name)) {
      Scope scope = golden.scope();
      OpenClip clip = OpenClip.of(OpenClipConfig.of(golden.config()));
      Weights weights = clip.load(scope, golden.weights());
      int size = clip.config().vision().imageSize();
      NDArray images = Autograd.leaf(scope, golden.read("images"));
      NDArray text = clip.textFeatures(scope, weights, golden.read("tokens"));

      NDArray resized = ImagePreprocess.resize(scope, images, size, false);
      golden.check("resized", resized, 1e-5, 0);
      golden.check(
          "resized_antialias_true", ImagePreprocess.resize(scope, images, size, true), 1e-5, 0);
      golden.check(
          "preprocessed",
          ImagePreprocess.normalize(scope, resized, ChannelStatistics.CLIP),
          2e-5,
          0);

      NDArray score =
          Autograd.recording(() -> ClipReward.score(scope, clip, weights, images, text, false));
      golden.check("score", score, 1e-5, 0);
      golden.check(
          "logits", ClipReward.logits(scope, score, clip.logitScale(scope, weights)), 0, 1e-4);
      golden.check(
          "grad_images", Autograd.gradient(scope, score, images, golden.read("R")), 0, 1e-4);

      NDArray smooth =
          Autograd.recording(() -> ClipReward.score(scope, clip, weights, images, text, true));
      golden.check("score_antialias_true", smooth, 1e-5, 0);
      golden.check(
          "grad_images_antialias_true",
          Autograd.gradient(scope, smooth, images, golden.read("R")),
          0,
          1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip_openclip_gelu", "clip_openclip_quickgelu"})
  void rewardOfOpenClipEqualsTheOfficialCode(String name) throws IOException {
    try (GoldenCase golden = new GoldenCase(name)) {
      Scope scope = golden.scope();
      OpenClip clip = OpenClip.of(OpenClipConfig.of(golden.config()));
      Weights weights = clip.load(scope, golden.weights());
      NDArray images = Autograd.leaf(scope, golden.read("in.images"));
      NDArray text = clip.textFeatures(scope, weights, golden.read("in.token_ids"));
      NDArray score =
          Autograd.recording(() -> ClipReward.score(scope, clip, weights, images, text, false));
      golden.check("out.clip_score", score, 5e-6, 3e-5);
      golden.check(
          "out.clip_score_logits",
          ClipReward.logits(scope, score, clip.logitScale(scope, weights)),
          5e-6,
          3e-5);
      golden.check(
          "out.clip_score_antialias",
          ClipReward.score(scope, clip, weights, images, text, true),
          5e-6,
          3e-5);
      NDArray ones = scope.create(new float[] {1, 1, 1});
      golden.check(
          "grad.clip_score_sum.images", Autograd.gradient(scope, score, images, ones), 5e-6, 3e-5);
    }
  }

  @Test
  void pickScoreEqualsTheOfficialCode() throws IOException {
    try (GoldenCase golden = new GoldenCase("clip_hf_full")) {
      Scope scope = golden.scope();
      HfClip clip = HfClip.of(HfClipConfig.of(golden.config().path("hf")));
      Weights weights = clip.load(scope, golden.weights());
      NDArray images = Autograd.leaf(scope, golden.read("in.images"));
      NDArray text =
          clip.textFeatures(
              scope, weights, golden.read("in.input_ids"), golden.read("in.attention_mask"));
      NDArray score = Autograd.recording(() -> pick(scope, clip, weights, images, text, false));
      golden.check("out.pick_score", score, 5e-6, 3e-5);
      golden.check(
          "out.pick_score_logits",
          ClipReward.logits(scope, score, clip.logitScale(scope, weights)),
          5e-6,
          3e-5);
      golden.check(
          "out.pick_score_antialias", pick(scope, clip, weights, images, text, true), 5e-6, 3e-5);
      NDArray ones = scope.create(new float[] {1, 1, 1});
      golden.check(
          "grad.pick_score_sum.images", Autograd.gradient(scope, score, images, ones), 5e-6, 3e-5);
    }
  }

  private static NDArray pick(
      Scope scope, HfClip clip, Weights weights, NDArray images, NDArray text, boolean antialias) {
    NDArray resized =
        ImagePreprocess.resize(scope, images, clip.config().vision().imageSize(), antialias);
    NDArray pixels = ImagePreprocess.normalize(scope, resized, ChannelStatistics.CLIP);
    return ClipReward.cosine(scope, clip.imageFeatures(scope, weights, pixels), text);
  }
}
