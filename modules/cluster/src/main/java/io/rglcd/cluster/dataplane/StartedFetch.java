package io.rglcd.cluster.dataplane;

import java.util.concurrent.CompletionStage;

/** A snapshot on its way. Thread-safe. */
public interface StartedFetch {

  /**
   * Completes when all has arrived; fails with a {@link DataPlaneException}. Nothing is written any
   * more then, but only what has arrived whole is of any use.
   */
  CompletionStage<SnapshotResult> result();

  /** Ends it within moments, if it has not ended: the result fails. */
  void cancel();
}
