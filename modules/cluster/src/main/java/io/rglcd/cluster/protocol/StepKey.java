package io.rglcd.cluster.protocol;

import java.util.Comparator;

/**
 * Names one try at one step. Receivers ignore anything older than what they know.
 *
 * @param term of the coordinator that planned it
 * @param generation of the members it was planned for
 * @param step that it would commit
 * @param attempt at that step
 */
public record StepKey(Term term, Generation generation, StepNumber step, Attempt attempt)
    implements Comparable<StepKey> {

  private static final Comparator<StepKey> ORDER =
      Comparator.<StepKey>comparingLong(k -> k.term.value())
          .thenComparingLong(k -> k.step.value())
          .thenComparingLong(k -> k.attempt.value());

  @Override
  public int compareTo(StepKey other) {
    return ORDER.compare(this, other);
  }

  /** Whether this was planned before the other. */
  public boolean isOlderThan(StepKey other) {
    return compareTo(other) < 0;
  }

  @Override
  public String toString() {
    return "step "
        + step
        + " (term "
        + term
        + ", generation "
        + generation
        + ", attempt "
        + attempt
        + ")";
  }
}
