package io.rglcd.data;

import io.rglcd.data.array.FloatArray;
import java.util.List;

/**
 * A sample whose picture went through the autoencoder before.
 *
 * @param moments [2C,h,w]: C channels of means, then C of log-variances
 * @param captions as in the shard, at least one; of several, one is drawn each time
 */
public record LatentSample(FloatArray moments, List<String> captions) implements ReadSample {

  /** Copies the list. */
  public LatentSample {
    captions = List.copyOf(captions);
  }

  @Override
  public long contentBytes() {
    return (long) Float.BYTES * moments.values().length;
  }
}
