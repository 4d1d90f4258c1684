package io.rglcd.cluster.protocol;

import java.util.Optional;

/**
 * What a replica holds, as it tells a coordinator.
 *
 * @param step number of updates it has applied; {@link StepNumber#NONE} while a snapshot is being
 *     written over its state, or was and is not complete
 * @param checksum of the mean gradient applied last; 0 before the first
 * @param prepared the mean gradient of the next update, if it is there
 */
public record Holding(StepNumber step, long checksum, Optional<Prepared> prepared) {

  /** A replica with nothing prepared. */
  public static Holding of(StepNumber step, long checksum) {
    return new Holding(step, checksum, Optional.empty());
  }
}
