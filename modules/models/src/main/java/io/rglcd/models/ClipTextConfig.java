package io.rglcd.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * The configuration of transformers' {@code CLIPTextModel}, as its config.json has it.
 *
 * @param vocabSize number of token ids
 * @param hiddenSize width D
 * @param intermediateSize width inside the MLPs
 * @param layers number of blocks
 * @param heads attention heads
 * @param maxPositions longest text T
 * @param activation of the MLPs
 * @param eps epsilon of the layer norms
 * @param eosTokenId the end token; 2 (a historical mistake) stands for the highest id of a text
 * @param json the file's content, kept so that saving changes nothing
 */
public record ClipTextConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int maxPositions,
    ClipActivation activation,
    double eps,
    int eosTokenId,
    JsonNode json) {

  /**
   * Reads a config.json.
   *
   * @throws ModelException naming a key whose value is not supported
   */
  public static ClipTextConfig read(Path file) {
    return of(JsonConfig.read(file));
  }

  /** {@link #read} from parsed JSON; absent keys have transformers' defaults. */
  public static ClipTextConfig of(JsonNode json) {
    JsonConfig c = new JsonConfig(json);
    ClipTextConfig config =
        new ClipTextConfig(
            c.integer("vocab_size", 49408),
            c.integer("hidden_size", 512),
            c.integer("intermediate_size", 2048),
            c.integer("num_hidden_layers", 12),
            c.integer("num_attention_heads", 8),
            c.integer("max_position_embeddings", 77),
            ClipActivation.ofHiddenAct(c.text("hidden_act", "quick_gelu")),
            c.number("layer_norm_eps", 1e-5),
            c.integer("eos_token_id", 49407),
            json);
    ClipFunctions.checkHeads(config.hiddenSize, config.heads);
    return config;
  }

  /** The JSON it was read from. */
  public JsonNode toJson() {
    return json;
  }
}
