package io.rglcd.cluster.state;

import java.util.List;

/**
 * What an event leads to.
 *
 * @param state the state after it
 * @param effects to be carried out in this order
 */
public record WorkerTransition(WorkerState state, List<WorkerEffect> effects) {

  /** Copies the list. */
  public WorkerTransition {
    effects = List.copyOf(effects);
  }
}
