package io.rglcd.cluster.protocol;

import java.util.List;

/**
 * All gradients of an attempt are there: owners add up their slices, everybody gathers the mean.
 *
 * @param key the attempt
 * @param weights of the micro-batches with readable samples, by ascending index
 * @param slices of the parameters, ascending; together all of them
 * @param participants who must hold the mean before the step is committed; all holders and owners
 * @param observers who are given the mean too, but are not waited for
 */
public record Reduce(
    StepKey key,
    List<MicroBatchWeight> weights,
    List<SliceOwner> slices,
    List<Member> participants,
    List<Member> observers)
    implements WorkerMessage {

  /** Copies the lists. */
  public Reduce {
    weights = List.copyOf(weights);
    slices = List.copyOf(slices);
    participants = List.copyOf(participants);
    observers = List.copyOf(observers);
  }
}
