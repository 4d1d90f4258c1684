package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.StepKey;
import java.util.List;

/**
 * Who gives what to whom in a reduction.
 *
 * @param key the attempt
 * @param elements length of the vector
 * @param slices ascending, together the whole vector
 * @param contributions in the order of {@link AdditionOrder}
 * @param receivers nodes that need the mean; all owners and holders are among them
 * @param followers nodes that are sent the mean too; trouble with them is theirs alone
 */
public record ReductionPlan(
    StepKey key,
    long elements,
    List<Slice> slices,
    List<Contribution> contributions,
    List<Endpoint> receivers,
    List<Endpoint> followers) {

  /** Part of the vector and the node that adds it up. */
  public record Slice(Endpoint owner, long start, long length) {}

  /**
   * A vector to be added.
   *
   * @param index its number
   * @param holder the node that has it
   * @param weight factor, rounded to float32
   */
  public record Contribution(int index, Endpoint holder, float weight) {}

  /** Copies the lists. */
  public ReductionPlan {
    slices = List.copyOf(slices);
    contributions = List.copyOf(contributions);
    receivers = List.copyOf(receivers);
    followers = List.copyOf(followers);
  }
}
