package io.rglcd.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.Scope;

/** open_clip's CLIP with a ViT, and the CLIP reward made from it. */
final class OpenClipCase implements CaseRunner {

  private static final String IDS = "in.token_ids";

  @Override
  public String kind() {
    return "clip_openclip";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    JsonNode config = directory.json("config.json");
    try (Scope scope = Scope.open()) {
      ClipScore clip = ClipScore.openClip(scope, directory, config, "weights.safetensors");
      ClipCase parts = new ClipCase(directory, comparison, clip);
      parts.comparePixels(scope, IDS);
      if (directory.has("in.images")) {
        parts.compareReward(scope, IDS, "clip_score");
      }
    }
  }
}
