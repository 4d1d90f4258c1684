package io.rglcd.cluster.protocol;

import io.rglcd.data.SampleRange;
import java.util.List;

/**
 * What one worker computes in a step.
 *
 * @param worker who computes
 * @param microBatches with ascending index; none while others have all
 * @param prefetch samples it will probably be given in the steps after, to be loaded ahead in this
 *     order
 */
public record WorkerShare(
    WorkerId worker, List<MicroBatchShare> microBatches, List<SampleRange> prefetch) {

  /** Copies the lists. */
  public WorkerShare {
    microBatches = List.copyOf(microBatches);
    prefetch = List.copyOf(prefetch);
  }
}
