package io.rglcd.cluster.state;

/** Where the coordinator is; see {@link CoordinatorState} for the transitions. */
public enum Phase {
  /** Waiting for the first workers and the follower. */
  STARTING,
  /** Members compute the gradients of an attempt. */
  COMPUTING,
  /** Members add up and gather the mean gradient. */
  REDUCING,
  /** Between steps: joiners take over a snapshot. */
  ADMITTING,
  /** Fewer members than allowed. */
  PAUSED,
  /** The last checkpoint is being written. */
  FINISHING,
  /** Nothing happens any more. */
  ENDED
}
