package io.rglcd.cluster.dataplane;

import java.util.concurrent.CompletionStage;

/** A reduction whose gradients may still be in the making. Thread-safe. */
public interface StartedReduction {

  /**
   * The beginning of all gradients held here is final: it can be sent and added.
   *
   * @param elements how many numbers; never fewer than before
   */
  void ready(long elements);

  /**
   * Completes when the whole mean is here and nobody who needs something from this node waits for
   * it; fails with a {@link DataPlaneException}.
   */
  CompletionStage<ReductionResult> result();
}
