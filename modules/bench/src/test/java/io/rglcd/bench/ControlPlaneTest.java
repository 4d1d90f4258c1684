package io.rglcd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ControlPlaneTest {

  private static final int STEPS = 4;

  /** Plan, order to reduce and commit to each worker; the last two to the follower as well. */
  @Test
  void messagesOfAStepAreThreeToAndThreeFromEachOfAThousandWorkers() {
    for (int workers : new int[] {8, 64, 1000}) {
      ControlPlane.Cost cost = ControlPlane.measure(workers, 2, STEPS);
      assertThat(cost.sent()).isEqualTo(3.0 * workers + 2);
      // The last commit's answers are still on their way when the last step counts as committed.
      assertThat(cost.received()).isCloseTo(3.0 * workers + 2, within((workers + 1.0) / STEPS));
    }
  }
}
