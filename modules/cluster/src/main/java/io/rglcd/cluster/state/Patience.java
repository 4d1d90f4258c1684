package io.rglcd.cluster.state;

import java.time.Duration;

/**
 * How long the coordinator waits for what.
 *
 * @param resend after which silent replicas are told again
 * @param recover for replicas that hold the newest state before an older one is taken
 * @param step for one attempt's answers before the silent are given up
 * @param straggler at least so long before a late micro-batch is dealt to others as well
 * @param stragglerFactor times the slowest of the recent steps, if that is longer
 */
public record Patience(
    Duration resend, Duration recover, Duration step, Duration straggler, double stragglerFactor) {

  /**
   * Tells again after 5 s, recovers after 30 s, an hour for a step, stragglers after 10 s or 3x.
   */
  public static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofSeconds(10),
          3);

  /** Checks the bounds. */
  public Patience {
    require("resend", resend);
    require("recover", recover);
    require("step", step);
    require("straggler", straggler);
    if (!(stragglerFactor >= 1)) {
      throw new IllegalArgumentException(
          "stragglerFactor: " + stragglerFactor + " (expected: >= 1)");
    }
  }

  private static void require(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: positive)");
    }
  }
}
