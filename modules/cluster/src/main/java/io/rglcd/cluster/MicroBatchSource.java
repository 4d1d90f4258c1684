package io.rglcd.cluster;

import io.rglcd.data.SampleRange;
import java.util.concurrent.CompletionStage;

/**
 * Where micro-batches come from: the seam to the data streams. What a range holds depends on the
 * run only, never on who asks or when. Thread-safe.
 */
@FunctionalInterface
public interface MicroBatchSource {

  /**
   * Loads without blocking the caller. Unreadable samples are part of the result, not a failure.
   *
   * @param range samples of one epoch
   */
  CompletionStage<LoadedRange> load(SampleRange range);
}
