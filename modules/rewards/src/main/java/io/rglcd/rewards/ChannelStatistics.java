package io.rglcd.rewards;

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
}
