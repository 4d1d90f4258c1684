package io.rglcd.cluster.state;

/** How a replica's state relates to the run's. */
enum Standing {
  /** Holds C_s, or C_(s-1) with the mean gradient that was committed as s. */
  LEVEL,
  /** Holds something else and waits for a snapshot. */
  BEHIND,
  /** Was told to take over a snapshot and is given every mean gradient since. */
  CATCHING_UP
}
