package io.rglcd.data;

import io.rglcd.data.image.RgbImage;
import java.util.List;

/**
 * A sample before anything random happens to it.
 *
 * @param image as decoded, or with its shorter side at the resolution
 * @param captions as in the shard, at least one; of several, one is drawn each time
 */
public record DecodedSample(RgbImage image, List<String> captions) implements ReadSample {

  /** Copies the list. */
  public DecodedSample {
    captions = List.copyOf(captions);
  }

  @Override
  public long contentBytes() {
    return image.rgb().length;
  }
}
