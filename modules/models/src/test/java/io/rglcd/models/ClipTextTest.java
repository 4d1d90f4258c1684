package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClipTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"clip_text_hf_sd1x", "clip_text_hf_sd21"})
  void matchesTheGoldenCase(String name) {
    try (ClipGolden golden = new ClipGolden(name);
        Scope scope = Scope.open()) {
      ClipText model = ClipText.of(ClipTextConfig.of(golden.config().path("hf")));
      Weights weights = model.load(scope, golden.weights());
      NDArray ids = golden.read(scope, "in.input_ids");
      golden.assertMatches(
          model.lastHiddenState(scope, weights, ids), scope, "out.last_hidden_state");
      golden.assertMatches(model.pooled(scope, weights, ids), scope, "out.pooler_output");
    }
  }

  @Test
  void poolsAtTheFirstEndTokenWhereTheConfigurationNamesIt() {
    try (ClipGolden golden = new ClipGolden("clip_text_hf_sd1x");
        Scope scope = Scope.open()) {
      ObjectNode json = golden.config().path("hf").deepCopy();
      ClipText model = ClipText.of(ClipTextConfig.of(json.put("eos_token_id", 89)));
      Weights weights = model.load(scope, golden.weights());
      NDArray ids = golden.read(scope, "in.input_ids");
      golden.assertMatches(model.pooled(scope, weights, ids), scope, "out.pooler_output");
      ClipText atStart = ClipText.of(ClipTextConfig.of(json.put("eos_token_id", 88)));
      float[] states = atStart.lastHiddenState(scope, weights, ids).toFloatArray();
      float[] pooled = atStart.pooled(scope, weights, ids).toFloatArray();
      assertThat(pooled[0]).isEqualTo(states[0]);
    }
  }

  @Test
  void namesTheContextLengthWhenATextIsTooLong() {
    try (ClipGolden golden = new ClipGolden("clip_text_hf_sd1x");
        Scope scope = Scope.open()) {
      ObjectNode json = golden.config().path("hf").deepCopy();
      ClipText model = ClipText.of(ClipTextConfig.of(json));
      Weights weights = model.load(scope, golden.weights());
      NDArray ids = scope.create(new long[78]).reshape(1, 78);
      assertThatThrownBy(() -> model.lastHiddenState(scope, weights, ids))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("78")
          .hasMessageContaining("77");
    }
  }

  @Test
  void namesAnActivationThatIsNotSupported() {
    try (ClipGolden golden = new ClipGolden("clip_text_hf_sd1x")) {
      ObjectNode json = golden.config().path("hf").deepCopy();
      assertThatThrownBy(() -> ClipTextConfig.of(json.put("hidden_act", "relu")))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("relu")
          .hasMessageContaining("quick_gelu");
    }
  }

  @Test
  void knowsEveryTensorOfTheCheckpointAndNoOther() {
    try (ClipGolden golden = new ClipGolden("clip_text_hf_sd21");
        SafetensorsFile file = SafetensorsFile.open(golden.weights())) {
      ClipText model = ClipText.of(ClipTextConfig.of(golden.config().path("hf")));
      assertThat(model.layout().shapes().keySet())
          .containsExactlyInAnyOrderElementsOf(file.tensors().keySet());
    }
  }
}
