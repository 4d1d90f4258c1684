package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.Scope;

/** transformers' CLIPModel, and PickScore's score made from it. */
final class HfClipCase implements CaseRunner {

  private static final String IDS = "in.input_ids";
  private static final String MASK = "in.attention_mask";

  @Override
  public String kind() {
    return "clip_hf_full";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    JsonNode config = directory.json("config.json");
    try (Scope scope = Scope.open()) {
      NDArray mask = directory.has(MASK) ? directory.read(scope, MASK) : null;
      ClipScore clip =
          ClipScore.transformers(
              scope,
              directory,
              config.has("hf") ? config.get("hf") : config,
              "weights.safetensors",
              mask);
      ClipCase parts = new ClipCase(directory, comparison, clip);
      parts.comparePixels(scope, IDS);
      if (directory.has("in.images")) {
        parts.compareReward(scope, IDS, "pick_score");
      }
    }
  }
}
