package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DowningPolicyTest {

  private static final long SECOND = 1_000_000_000L;

  private final DowningPolicy<String> policy = new DowningPolicy<>(2, true, Duration.ofSeconds(3));

  @Test
  void memberIsGivenUpWhenItWasAwayLongEnough() {
    assertThat(policy.look(Set.of("a"), 2, 0)).isEmpty();
    assertThat(policy.look(Set.of("a"), 2, 3 * SECOND - 1)).isEmpty();
    assertThat(policy.look(Set.of("a"), 2, 3 * SECOND)).containsExactly("a");
  }

  @Test
  void memberThatComesBackInTimeStartsAgain() {
    policy.look(Set.of("a"), 2, 0);
    policy.look(Set.of(), 2, 2 * SECOND);
    assertThat(policy.look(Set.of("a"), 2, 3 * SECOND)).isEmpty();
    assertThat(policy.look(Set.of("a"), 2, 6 * SECOND)).containsExactly("a");
  }

  @Test
  void oneThatDiesLaterDoesNotProlongTheOthersTime() {
    policy.look(Set.of("a"), 2, 0);
    policy.look(Set.of("a", "b"), 2, 2 * SECOND);
    assertThat(policy.look(Set.of("a", "b"), 2, 3 * SECOND)).containsExactly("a");
    assertThat(policy.look(Set.of("b"), 2, 5 * SECOND)).containsExactly("b");
  }

  @Test
  void sideWithoutQuorumTakesLonger() {
    policy.look(Set.of("a", "b"), 1, 0);
    long late = DowningPolicy.PATIENCE * 3 * SECOND;
    assertThat(policy.look(Set.of("a", "b"), 1, late - 1)).isEmpty();
    assertThat(policy.look(Set.of("a", "b"), 2, late - 1)).containsExactlyInAnyOrder("a", "b");
    assertThat(policy.look(Set.of("a", "b"), 1, late)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void workersDecideOnlyWhereCoordinatorsCannot() {
    DowningPolicy<String> worker = new DowningPolicy<>(2, false, Duration.ofSeconds(3));
    worker.look(Set.of("a"), 2, 0);
    assertThat(worker.look(Set.of("a"), 2, 60 * SECOND)).isEmpty();
    assertThat(worker.look(Set.of("a"), 1, 60 * SECOND)).containsExactly("a");
  }
}
