package io.rglcd.cluster.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The coordinator's clock readings, ns.
 *
 * @param now of the event at hand
 * @param commit of the last commit
 * @param attempt since when the present attempt, or the present phase without one, lasts
 * @param sent when members were last told something
 * @param recent how long the last steps took to compute
 */
record Times(long now, long commit, long attempt, long sent, List<Long> recent) {

  private static final int KEPT = 16;

  static final Times START = new Times(0, 0, 0, 0, List.of());

  Times at(long nanos) {
    return new Times(nanos, commit, attempt, sent, recent);
  }

  Times told() {
    return new Times(now, commit, attempt, now, recent);
  }

  Times begun() {
    return new Times(now, commit, now, now, recent);
  }

  Times committed() {
    return new Times(now, now, now, now, recent);
  }

  Times computed() {
    List<Long> last = new ArrayList<>(recent);
    last.add(now - attempt);
    int from = Math.max(0, last.size() - KEPT);
    return new Times(now, commit, attempt, sent, List.copyOf(last.subList(from, last.size())));
  }

  /** Steps that fit into a time, as the last ones took; at least 1. */
  int stepsIn(Duration time) {
    double mean = recent.stream().mapToLong(Long::longValue).average().orElse(Double.MAX_VALUE);
    return (int) Math.max(1, Math.ceil(time.toNanos() / Math.max(1, mean)));
  }

  /** Whether a straggler's share may be given to others. */
  boolean isLate(Patience patience) {
    long slowest = recent.stream().mapToLong(Long::longValue).max().orElse(Long.MAX_VALUE / 1024);
    return now - attempt
        > Math.max((double) patience.straggler().toNanos(), patience.stragglerFactor() * slowest);
  }
}
