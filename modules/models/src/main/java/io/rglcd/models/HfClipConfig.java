package io.rglcd.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * The configuration of transformers' {@code CLIPModel}, as its config.json has it.
 *
 * @param projectionDim width of the common features
 * @param text the text tower
 * @param vision the image tower
 * @param json the file's content, kept so that saving changes nothing
 */
public record HfClipConfig(int projectionDim, ClipTextConfig text, Vision vision, JsonNode json) {

  /**
   * The image tower.
   *
   * @param imageSize height and width of the picture in pixels
   * @param patchSize height and width of a patch in pixels
   * @param channels of the picture
   * @param width D
   * @param inner width inside the MLPs
   * @param layers number of blocks
   * @param heads attention heads
   * @param activation of the MLPs
   * @param eps epsilon of the layer norms
   */
  public record Vision(
      int imageSize,
      int patchSize,
      int channels,
      int width,
      int inner,
      int layers,
      int heads,
      ClipActivation activation,
      double eps) {}

  /**
   * Reads a config.json.
   *
   * @throws ModelException naming a key whose value is missing or not supported
   */
  public static HfClipConfig read(Path file) {
    return of(JsonConfig.read(file));
  }

  /** {@link #read} from parsed JSON; absent keys have transformers' defaults. */
  public static HfClipConfig of(JsonNode json) {
    for (String key : new String[] {"text_config", "vision_config"}) {
      if (!json.path(key).isObject()) {
        throw new ModelException(
            "config " + key + ": " + json.path(key) + " (expected: an object, as CLIPModel has)");
      }
    }
    return new HfClipConfig(
        new JsonConfig(json).integer("projection_dim", 512),
        ClipTextConfig.of(json.path("text_config")),
        vision(new JsonConfig(json.path("vision_config"))),
        json);
  }

  private static Vision vision(JsonConfig c) {
    Vision vision =
        new Vision(
            c.integer("image_size", 224),
            c.integer("patch_size", 32),
            c.integer("num_channels", 3),
            c.integer("hidden_size", 768),
            c.integer("intermediate_size", 3072),
            c.integer("num_hidden_layers", 12),
            c.integer("num_attention_heads", 12),
            ClipActivation.ofHiddenAct(c.text("hidden_act", "quick_gelu")),
            c.number("layer_norm_eps", 1e-5));
    ClipFunctions.checkHeads(vision.width, vision.heads);
    ClipFunctions.checkPatches(vision.imageSize, vision.patchSize);
    return vision;
  }

  /** The JSON it was read from. */
  public JsonNode toJson() {
    return json;
  }
}
