package io.rglcd.cluster.downing;

import java.util.Set;

/**
 * What a policy wants done.
 *
 * @param givenUp members to be given up now
 * @param wish about the lease
 * @param <M> a member
 */
public record Verdict<M>(Set<M> givenUp, Wish wish) {

  /** What is to be done about the lease. */
  public enum Wish {
    /** Nothing. */
    NONE,
    /** Take it, or renew it. */
    TAKE,
    /** Give it back. */
    RELEASE
  }

  /** Copies the set. */
  public Verdict {
    givenUp = Set.copyOf(givenUp);
  }

  static <M> Verdict<M> giveUp(Set<M> members) {
    return new Verdict<>(members, Wish.NONE);
  }
}
