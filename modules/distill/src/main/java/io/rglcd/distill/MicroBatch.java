package io.rglcd.distill;

import java.util.List;

/**
 * The unit of computation: the gradient of a micro-batch does not depend on who computes it.
 *
 * @param epoch the epoch its samples belong to
 * @param sampleIds for each sample its position in the epoch's order; keys the sample's random
 *     draws
 * @param images of B samples
 * @param captions B captions
 * @param prompts the same for the networks
 */
public record MicroBatch(
    long epoch,
    List<Long> sampleIds,
    BatchImages images,
    List<String> captions,
    BatchPrompts prompts) {

  /** Checks that all parts agree on the number of samples. */
  public MicroBatch {
    sampleIds = List.copyOf(sampleIds);
    captions = List.copyOf(captions);
    if (sampleIds.isEmpty() || captions.size() != sampleIds.size()) {
      throw new IllegalArgumentException(
          "captions: " + captions.size() + " (expected: one per sample, " + sampleIds.size() + ")");
    }
    long expected = (long) images.sampleSize() * sampleIds.size();
    if (images.values().length != expected) {
      throw new IllegalArgumentException(
          "images: " + images.values().length + " values (expected: " + expected + ")");
    }
    long prompt = (long) prompts.promptSize() * sampleIds.size();
    if (prompts.length() != prompt) {
      throw new IllegalArgumentException(
          "prompts: " + prompts.length() + " values (expected: " + prompt + ")");
    }
  }

  /** Number of samples, B. */
  public int size() {
    return sampleIds.size();
  }
}
