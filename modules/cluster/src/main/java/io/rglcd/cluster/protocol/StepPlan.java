package io.rglcd.cluster.protocol;

import java.util.List;
import java.util.Optional;

/**
 * Who computes what in an attempt.
 *
 * @param key the attempt
 * @param shares one a member
 * @param previous the commit before this step, for those whom it has not reached
 */
public record StepPlan(StepKey key, List<WorkerShare> shares, Optional<Commit> previous)
    implements WorkerMessage {

  /** Copies the list. */
  public StepPlan {
    shares = List.copyOf(shares);
  }

  /** The members of the attempt. */
  public List<WorkerId> members() {
    return shares.stream().map(WorkerShare::worker).toList();
  }

  /** The share of a member; nothing if it is not one. */
  public Optional<WorkerShare> share(WorkerId worker) {
    return shares.stream().filter(s -> s.worker().equals(worker)).findFirst();
  }
}
