package io.rglcd.data;

import io.rglcd.data.array.FloatArray;
import java.util.List;
import java.util.Optional;

/**
 * A sample whose picture went through the autoencoder before.
 *
 * @param moments [2C,h,w]: C channels of means, then C of log-variances
 * @param captions as in the shard, at least one; of several, one is drawn each time
 * @param textStates [K,T,D] of the K captions, if they were encoded before as well
 */
public record LatentSample(
    FloatArray moments, List<String> captions, Optional<FloatArray> textStates)
    implements ReadSample {

  /** Copies the list. */
  public LatentSample {
    captions = List.copyOf(captions);
  }

  @Override
  public long contentBytes() {
    long states = textStates.map(array -> array.values().length).orElse(0);
    return Float.BYTES * (moments.values().length + states);
  }
}
