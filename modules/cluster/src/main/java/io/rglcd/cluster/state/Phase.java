package io.rglcd.cluster.state;

/** Where the coordinator is; see {@link CoordinatorState} for the transitions. */
public enum Phase {
  /** Asking the replicas what they hold. */
  RECOVERING,
  /** Members compute the gradients of an attempt. */
  COMPUTING,
  /** Participants add up and gather the mean gradient. */
  REDUCING,
  /** The commit is on its way into the log. */
  COMMITTING,
  /** Too few members, no quorum of coordinators, or the user's wish. */
  PAUSED,
  /** The last checkpoint is being written. */
  FINISHING,
  /** Nothing happens any more. */
  ENDED
}
