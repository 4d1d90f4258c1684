package io.rglcd.cluster;

import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.SampleRange;
import io.rglcd.distill.MicroBatch;
import java.util.List;
import java.util.Optional;

/**
 * The samples of a range.
 *
 * @param range what was asked for
 * @param batch the readable ones; empty if there is none
 * @param unreadable the others
 */
public record LoadedRange(
    SampleRange range, Optional<MicroBatch> batch, List<UnreadableSample> unreadable) {

  /** Copies the list and checks that every sample is accounted for. */
  public LoadedRange {
    unreadable = List.copyOf(unreadable);
    int samples = batch.map(MicroBatch::size).orElse(0) + unreadable.size();
    if (samples != range.count()) {
      throw new IllegalArgumentException(
          "samples of " + range + ": " + samples + " (expected: " + range.count() + ")");
    }
  }
}
