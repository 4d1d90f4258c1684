package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JoinPolicyTest {

  private static final long SECOND = 1_000_000_000L;

  private final JoinPolicy policy = new JoinPolicy(Duration.ofSeconds(8));

  @Test
  void nodeThatNobodyKnowsIsForgottenAfterAWhile() {
    assertThat(policy.isForgotten(true, 0, SECOND)).isFalse();
    assertThat(policy.isForgotten(true, 0, 9 * SECOND - 1)).isFalse();
    assertThat(policy.isForgotten(true, 0, 9 * SECOND)).isTrue();
  }

  @Test
  void nodeThatOthersKnowMayJoinForAsLongAsItTakes() {
    policy.isForgotten(true, 0, 0);
    assertThat(policy.isForgotten(true, 1, 8 * SECOND)).isFalse();
    assertThat(policy.isForgotten(true, 0, 9 * SECOND)).isFalse();
    assertThat(policy.isForgotten(true, 0, 17 * SECOND)).isTrue();
  }

  @Test
  void fullMemberIsNeverForgotten() {
    policy.isForgotten(true, 0, 0);
    assertThat(policy.isForgotten(false, 0, 60 * SECOND)).isFalse();
  }
}
