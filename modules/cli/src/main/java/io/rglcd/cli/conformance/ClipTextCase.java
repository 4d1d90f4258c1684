package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.models.ClipText;
import io.rglcd.models.ClipTextConfig;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;

/** The text encoders of Stable Diffusion: states after the final norm, and the pooled one. */
final class ClipTextCase implements CaseRunner {

  private static final Tolerance VALUE = new Tolerance(5e-5, 1e-4, 0);

  @Override
  public String kind() {
    return "clip_text_hf";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    JsonNode config = directory.json("config.json");
    ClipText text = ClipText.of(ClipTextConfig.of(config.has("hf") ? config.get("hf") : config));
    Tolerance value = Tolerance.of(directory.json(), VALUE);
    try (Scope scope = Scope.open()) {
      Weights weights = directory.weights(scope, "weights.safetensors", text.layout());
      NDArray ids = directory.read(scope, "in.input_ids");
      comparison.offer("out.last_hidden_state", text.lastHiddenState(scope, weights, ids), value);
      comparison.offer("out.pooler_output", text.pooled(scope, weights, ids), value);
    }
  }
}
