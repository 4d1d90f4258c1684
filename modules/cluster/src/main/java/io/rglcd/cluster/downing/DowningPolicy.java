package io.rglcd.cluster.downing;

/**
 * Whom a node gives up, and whether its side may go on. That no two sides commit is ensured by the
 * log's terms, not here.
 *
 * @param <M> a member
 */
public sealed interface DowningPolicy<M> permits StaticQuorum, LeaseMajority {

  /** A side that may not decide waits so many times longer before it gives others up. */
  int PATIENCE = 4;

  /**
   * What is to be done now. Asked by one thread, again and again.
   *
   * @param now nanoseconds of a monotonic clock
   */
  Verdict<M> look(Sight<M> sight, long now);

  /** What this side may do. Asked by any thread. */
  Mandate mandate(Sight<M> sight);
}
