package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenClipTest {

  static final TorchFunction COMPARE =
      TorchFunction.of(
          """
          def forward(self, image: Tensor, text: Tensor, scale: Tensor) -> List[Tensor]:
            i = torch.div(image, torch.clamp_min(torch.norm(image, 2, [1], True), 1e-12))
            t = torch.div(text, torch.clamp_min(torch.norm(text, 2, [1], True), 1e-12))
            score = torch.sum(torch.mul(i, t), [1])
            logits = torch.mul(scale, torch.matmul(i, torch.t(t)))
            return [i, t, score, logits, torch.sum(score), torch.sum(image)]
          """);

  @ParameterizedTest
  @ValueSource(strings = {"clip_openclip_gelu", "clip_openclip_quickgelu"})
  void matchesTheGoldenCase(String name) {
    try (ClipGolden golden = new ClipGolden(name);
        Scope scope = Scope.open()) {
      OpenClip model = OpenClip.of(OpenClipConfig.of(golden.config()));
      Weights weights = model.load(scope, golden.weights());
      NDArray pixels = golden.read(scope, "in.pixel_values");
      NDArray image = model.imageFeatures(scope, weights, pixels);
      NDArray text = model.textFeatures(scope, weights, golden.read(scope, "in.token_ids"));
      golden.assertMatches(image, scope, "out.image_features");
      golden.assertMatches(text, scope, "out.text_features");
      NDList compared = COMPARE.callAll(scope, image, text, model.logitScale(scope, weights));
      golden.assertMatches(compared.get(0), scope, "out.image_features_normalized");
      golden.assertMatches(compared.get(1), scope, "out.text_features_normalized");
      golden.assertMatches(compared.get(2), scope, "out.score");
      golden.assertMatches(compared.get(3), scope, "out.logits_per_image");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip_openclip_gelu", "clip_openclip_quickgelu"})
  void matchesTheGoldenGradients(String name) {
    try (ClipGolden golden = new ClipGolden(name);
        Scope scope = Scope.open()) {
      OpenClip model = OpenClip.of(OpenClipConfig.of(golden.config()));
      Weights weights = model.load(scope, golden.weights());
      NDArray text = model.textFeatures(scope, weights, golden.read(scope, "in.token_ids"));
      NDArray one = scope.create(1f);
      for (int i = 4; i <= 5; i++) {
        int which = i;
        NDArray pixels = Autograd.leaf(scope, golden.read(scope, "in.pixel_values"));
        NDArray sum =
            Autograd.recording(
                () -> {
                  NDArray image = model.imageFeatures(scope, weights, pixels);
                  return COMPARE.callAll(scope, image, text, one).get(which);
                });
        golden.assertMatches(
            Autograd.gradient(scope, sum, pixels, one),
            scope,
            which == 4 ? "grad.score_sum.pixel_values" : "grad.image_features_sum.pixel_values");
      }
    }
  }

  @Test
  void registersParametersInTheOrderOfTheCheckpoint() {
    try (ClipGolden golden = new ClipGolden("clip_openclip_gelu");
        SafetensorsFile file = SafetensorsFile.open(golden.weights())) {
      OpenClip model = OpenClip.of(OpenClipConfig.of(golden.config()));
      assertThat(model.layout().shapes().keySet())
          .containsExactlyElementsOf(file.tensors().keySet());
    }
  }

  @Test
  void readsTheConfigurationPlainOrWrapped() {
    try (ClipGolden golden = new ClipGolden("clip_openclip_quickgelu")) {
      OpenClipConfig wrapped = OpenClipConfig.of(golden.config());
      OpenClipConfig plain = OpenClipConfig.of(golden.config().path("model"));
      assertThat(plain.vision()).isEqualTo(wrapped.vision());
      assertThat(plain.text()).isEqualTo(wrapped.text());
      assertThat(plain.activation()).isEqualTo(ClipActivation.QUICK_GELU);
    }
  }

  @Test
  void namesAnImageTowerThatIsNotSupported() {
    try (ClipGolden golden = new ClipGolden("clip_openclip_gelu")) {
      ObjectNode json = golden.config().path("model").deepCopy();
      ((ObjectNode) json.path("vision_cfg")).put("timm_model_name", "vit_base");
      assertThatThrownBy(() -> OpenClipConfig.of(json))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("timm_model_name")
          .hasMessageContaining("vit_base");
    }
  }

  @Test
  void namesTheSizeOfAPictureThatDoesNotFit() {
    try (ClipGolden golden = new ClipGolden("clip_openclip_gelu");
        Scope scope = Scope.open()) {
      OpenClip model = OpenClip.of(OpenClipConfig.of(golden.config()));
      Weights weights = model.load(scope, golden.weights());
      NDArray pixels = scope.create(new float[3 * 16 * 16], new Shape(1, 3, 16, 16));
      assertThatThrownBy(() -> model.imageFeatures(scope, weights, pixels))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("16")
          .hasMessageContaining("[B, 3, 32, 32]");
    }
  }
}
