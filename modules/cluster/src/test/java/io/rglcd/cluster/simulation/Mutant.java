package io.rglcd.cluster.simulation;

/** A bug planted into the protocol, to see that the simulation finds it. */
enum Mutant {
  /** The protocol as it is. */
  NONE,
  /** A frame is added whatever attempt it belongs to. */
  LATE_FRAME_ACCEPTED,
  /** The first member that holds the mean is taken for all. */
  COMMIT_BEFORE_ALL_PREPARED,
  /** The ranges of a lost worker stay leased to it. */
  LEASE_NOT_RETURNED,
  /** A commit that comes twice is applied twice. */
  DOUBLE_APPLY,
  /** Neither log nor workers look at the term. */
  STALE_TERM_OBEYED
}
