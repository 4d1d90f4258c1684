package io.rglcd.cluster.state;

import java.util.List;

/**
 * What an event leads to.
 *
 * @param state the state after it
 * @param effects to be carried out in this order
 */
public record Transition(CoordinatorState state, List<Effect> effects) {

  /** Copies the list. */
  public Transition {
    effects = List.copyOf(effects);
  }
}
