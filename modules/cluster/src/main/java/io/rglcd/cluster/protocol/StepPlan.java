package io.rglcd.cluster.protocol;

import java.util.List;

/**
 * Who computes what in an attempt, and who adds up what.
 *
 * @param key the attempt
 * @param shares one a member
 * @param slices of the parameters, ascending; together all of them
 */
public record StepPlan(StepKey key, List<WorkerShare> shares, List<SliceOwner> slices)
    implements WorkerMessage {

  /** Copies the lists. */
  public StepPlan {
    shares = List.copyOf(shares);
    slices = List.copyOf(slices);
  }

  /** The members of the attempt. */
  public List<WorkerId> members() {
    return shares.stream().map(WorkerShare::worker).toList();
  }

  /**
   * The share of a member.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public WorkerShare share(WorkerId worker) {
    return shares.stream()
        .filter(s -> s.worker().equals(worker))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "worker " + worker + " (expected: one of " + members() + ")"));
  }
}
