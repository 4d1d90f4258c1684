package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import org.junit.jupiter.api.Test;

class HfClipTest {

  @Test
  void matchesTheGoldenFeaturesScoreAndGradient() {
    try (ClipGolden golden = new ClipGolden("clip_hf_full");
        Scope scope = Scope.open()) {
      HfClip model = HfClip.of(HfClipConfig.of(golden.config().path("hf")));
      Weights weights = model.load(scope, golden.weights());
      NDArray ids = golden.read(scope, "in.input_ids");
      NDArray mask = golden.read(scope, "in.attention_mask");
      NDArray text = model.textFeatures(scope, weights, ids, mask);
      golden.assertMatches(text, scope, "out.text_features");
      NDArray pixels = Autograd.leaf(scope, golden.read(scope, "in.pixel_values"));
      golden.assertMatches(
          model.imageFeatures(scope, weights, pixels), scope, "out.image_features");
      NDArray one = scope.create(1f);
      NDArray sum =
          Autograd.recording(
              () -> {
                NDArray image = model.imageFeatures(scope, weights, pixels);
                var compared = OpenClipTest.COMPARE.callAll(scope, image, text, one);
                golden.assertMatches(compared.get(2), scope, "out.score");
                return compared.get(4);
              });
      golden.assertMatches(
          Autograd.gradient(scope, sum, pixels, one), scope, "grad.score_sum.pixel_values");
    }
  }

  @Test
  void poolsTheSameWithAndWithoutMaskBecausePaddingComesLast() {
    try (ClipGolden golden = new ClipGolden("clip_hf_full");
        Scope scope = Scope.open()) {
      HfClip model = HfClip.of(HfClipConfig.of(golden.config().path("hf")));
      Weights weights = model.load(scope, golden.weights());
      NDArray ids = golden.read(scope, "in.input_ids");
      golden.assertMatches(model.textFeatures(scope, weights, ids), scope, "out.text_features");
    }
  }

  @Test
  void hidesTheTokensThatTheMaskNames() {
    try (ClipGolden golden = new ClipGolden("clip_hf_full");
        Scope scope = Scope.open()) {
      HfClip model = HfClip.of(HfClipConfig.of(golden.config().path("hf")));
      Weights weights = model.load(scope, golden.weights());
      long[] mask = {1, 0, 1, 1};
      NDArray first = features(scope, model, weights, new long[] {62, 5, 7, 63}, mask);
      NDArray second = features(scope, model, weights, new long[] {62, 9, 7, 63}, mask);
      assertThat(first.toFloatArray()).containsExactly(second.toFloatArray());
      long[] all = {1, 1, 1, 1};
      NDArray seen = features(scope, model, weights, new long[] {62, 9, 7, 63}, all);
      assertThat(seen.toFloatArray()).isNotEqualTo(second.toFloatArray());
    }
  }

  private static NDArray features(
      Scope scope, HfClip model, Weights weights, long[] ids, long[] mask) {
    return model.textFeatures(
        scope,
        weights,
        scope.create(ids).reshape(1, ids.length),
        scope.create(mask).reshape(1, mask.length));
  }

  @Test
  void namesAMissingTower() {
    try (ClipGolden golden = new ClipGolden("clip_hf_full")) {
      ObjectNode json = golden.config().path("hf").deepCopy();
      json.remove("vision_config");
      assertThatThrownBy(() -> HfClipConfig.of(json))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("vision_config");
    }
  }
}
