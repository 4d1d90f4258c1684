package io.rglcd.data;

import io.rglcd.data.image.RgbImage;
import java.util.List;

/**
 * A sample before anything random happens to it.
 *
 * @param image its shorter side at the resolution
 * @param captions as in the shard, at least one; of several, one is drawn each time
 */
public record DecodedSample(RgbImage image, List<String> captions) {

  /** Copies the list. */
  public DecodedSample {
    captions = List.copyOf(captions);
  }

  /** About what it takes in memory. */
  long bytes() {
    return image.rgb().length + 2L * captions.stream().mapToLong(String::length).sum() + 128;
  }
}
