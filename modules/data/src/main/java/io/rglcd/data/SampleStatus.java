package io.rglcd.data;

/** What became of a sample in its epoch; see {@link SampleLedger} for the transitions. */
sealed interface SampleStatus {

  /** Not dealt yet, or returned. */
  record Pending() implements SampleStatus {}

  /** Being computed. */
  record Leased(Lessee lessee) implements SampleStatus {}

  /** Part of a committed step. */
  record Committed() implements SampleStatus {}

  /** Not used, for good. */
  record Skipped(String reason) implements SampleStatus {}

  /** Whether it can never change again. */
  default boolean isSettled() {
    return this instanceof Committed || this instanceof Skipped;
  }
}
