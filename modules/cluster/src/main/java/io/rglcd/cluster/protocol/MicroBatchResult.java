package io.rglcd.cluster.protocol;

import io.rglcd.distill.MicroBatchLosses;
import java.util.List;

/**
 * What became of one micro-batch.
 *
 * @param share which one
 * @param losses of its readable samples; its number of samples is 0 where none was readable
 * @param unreadable the samples that could not be used
 */
public record MicroBatchResult(
    MicroBatchShare share, MicroBatchLosses losses, List<UnreadableSample> unreadable) {

  /** Copies the list. */
  public MicroBatchResult {
    unreadable = List.copyOf(unreadable);
  }
}
