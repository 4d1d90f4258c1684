package io.rglcd.cluster.protocol;

import java.util.List;

/**
 * All gradients of an attempt are there: owners add up their slices, everybody gathers the mean.
 *
 * @param key the attempt
 * @param weights of the micro-batches with readable samples, by ascending index
 * @param slices of the parameters, ascending; together all of them
 */
public record Reduce(StepKey key, List<MicroBatchWeight> weights, List<SliceOwner> slices)
    implements WorkerMessage, FollowerMessage {

  /** Copies the lists. */
  public Reduce {
    weights = List.copyOf(weights);
    slices = List.copyOf(slices);
  }
}
