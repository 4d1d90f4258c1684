package io.rglcd.rewards;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.models.ModelException;

/**
 * Mean and standard deviation of a model's training pictures, by channel.
 *
 * @param mean three means
 * @param deviation three standard deviations
 */
public record ChannelStatistics(float[] mean, float[] deviation) {

  /** OpenAI CLIP's. */
  public static final ChannelStatistics CLIP =
      new ChannelStatistics(
          new float[] {(float) 0.48145466, (float) 0.4578275, (float) 0.40821073},
          new float[] {(float) 0.26862954, (float) 0.26130258, (float) 0.27577711});

  /**
   * Reads mean and std of an open_clip config.json: of its preprocess_cfg, else of its top level,
   * else {@link #CLIP}'s.
   *
   * @throws ModelException if either has not three numbers
   */
  public static ChannelStatistics of(JsonNode config) {
    JsonNode node = config.has("preprocess_cfg") ? config.get("preprocess_cfg") : config;
    return new ChannelStatistics(
        node.hasNonNull("mean") ? three("mean", node.get("mean")) : CLIP.mean(),
        node.hasNonNull("std") ? three("std", node.get("std")) : CLIP.deviation());
  }

  private static float[] three(String key, JsonNode numbers) {
    float[] values = new float[3];
    boolean valid = numbers.isArray() && numbers.size() == values.length;
    for (int i = 0; valid && i < values.length; i++) {
      valid = numbers.get(i).isNumber();
      values[i] = (float) numbers.get(i).doubleValue();
    }
    if (!valid) {
      throw new ModelException(key + ": " + numbers + " (expected: three numbers, one a channel)");
    }
    return values;
  }
}
