package io.rglcd.cluster.node;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * When a node that was welcomed is to join again: if the node that welcomed it has died before it
 * could tell the others, these take it for a stranger, and it would wait for ever.
 */
final class JoinPolicy {

  private final Duration patience;
  private OptionalLong aloneSince = OptionalLong.empty();

  /**
   * A policy that has seen nothing yet.
   *
   * @param patience how long a node that joins may know of things that nobody else agrees to
   */
  JoinPolicy(Duration patience) {
    this.patience = patience;
  }

  /**
   * Whether the others do not know of this node.
   *
   * @param joining whether it was welcomed and is not a full member yet
   * @param agreeing other members, reachable, that have seen the members as this node sees them
   * @param now nanoseconds of a monotonic clock
   */
  boolean isForgotten(boolean joining, int agreeing, long now) {
    if (!joining || agreeing > 0) {
      aloneSince = OptionalLong.empty();
      return false;
    }
    if (aloneSince.isEmpty()) {
      aloneSince = OptionalLong.of(now);
    }
    return now - aloneSince.getAsLong() >= patience.toNanos();
  }
}
