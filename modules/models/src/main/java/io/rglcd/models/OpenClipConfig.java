package io.rglcd.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * The configuration of an open_clip model with a ViT image tower, as open_clip writes it: plain, or
 * under the key {@code model_cfg} or {@code model}.
 *
 * @param embedDim width of the common features
 * @param activation of the MLPs of both towers
 * @param vision the image tower
 * @param text the text tower
 * @param json the file's content, kept so that saving changes nothing
 */
public record OpenClipConfig(
    int embedDim, ClipActivation activation, Vision vision, Text text, JsonNode json) {

  /**
   * The image tower.
   *
   * @param imageSize height and width of the picture in pixels
   * @param patchSize height and width of a patch in pixels
   * @param width D
   * @param layers number of blocks
   * @param heads attention heads: width / head_width
   * @param inner width inside the MLPs: width * mlp_ratio
   */
  public record Vision(int imageSize, int patchSize, int width, int layers, int heads, int inner) {}

  /**
   * The text tower.
   *
   * @param contextLength longest text T
   * @param vocabSize number of token ids
   * @param width D
   * @param layers number of blocks
   * @param heads attention heads
   * @param inner width inside the MLPs
   */
  public record Text(
      int contextLength, int vocabSize, int width, int layers, int heads, int inner) {}

  /**
   * Reads a config.json or open_clip_config.json.
   *
   * @throws ModelException naming a key whose value is missing or not supported
   */
  public static OpenClipConfig read(Path file) {
    return of(JsonConfig.read(file));
  }

  /** {@link #read} from parsed JSON. */
  public static OpenClipConfig of(JsonNode json) {
    JsonNode model = json;
    for (String key : new String[] {"model_cfg", "model"}) {
      if (json.path(key).isObject()) {
        model = json.path(key);
        break;
      }
    }
    JsonConfig c = new JsonConfig(model);
    c.absent("custom_text");
    return new OpenClipConfig(
        c.integer("embed_dim"),
        c.flag("quick_gelu", false) ? ClipActivation.QUICK_GELU : ClipActivation.GELU,
        vision(new JsonConfig(model.path("vision_cfg"))),
        text(new JsonConfig(model.path("text_cfg"))),
        json);
  }

  private static Vision vision(JsonConfig c) {
    c.absent("timm_model_name");
    c.absent("global_average_pool");
    c.absent("attentional_pool");
    c.absent("input_patchnorm");
    c.absent("no_ln_pre");
    c.absent("ls_init_value");
    c.only("pool_type", "tok");
    int width = c.integer("width", 768);
    int headWidth = c.integer("head_width", 64);
    int imageSize = c.integer("image_size", 224);
    int patchSize = c.integer("patch_size", 16);
    ClipFunctions.checkPatches(imageSize, patchSize);
    int heads = width / Math.max(1, headWidth);
    ClipFunctions.checkHeads(width, heads);
    int inner = (int) (width * c.number("mlp_ratio", 4));
    return new Vision(imageSize, patchSize, width, c.integer("layers", 12), heads, inner);
  }

  private static Text text(JsonConfig c) {
    c.absent("hf_model_name");
    c.absent("embed_cls");
    c.absent("no_causal_mask");
    c.absent("ls_init_value");
    c.only("pool_type", "argmax");
    int width = c.integer("width", 512);
    int heads = c.integer("heads", 8);
    ClipFunctions.checkHeads(width, heads);
    return new Text(
        c.integer("context_length", 77),
        c.integer("vocab_size", 49408),
        width,
        c.integer("layers", 12),
        heads,
        (int) (width * c.number("mlp_ratio", 4)));
  }

  /** The JSON it was read from. */
  public JsonNode toJson() {
    return json;
  }
}
