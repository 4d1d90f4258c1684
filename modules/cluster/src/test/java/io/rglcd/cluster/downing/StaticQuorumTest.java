package io.rglcd.cluster.downing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StaticQuorumTest {

  private static final long SECOND = 1_000_000_000L;

  private final StaticQuorum<String> policy = new StaticQuorum<>(2, true, Duration.ofSeconds(3));

  @Test
  void memberIsGivenUpWhenItWasAwayLongEnough() {
    assertThat(look(policy, Set.of("a"), 2, 0)).isEmpty();
    assertThat(look(policy, Set.of("a"), 2, 3 * SECOND - 1)).isEmpty();
    assertThat(look(policy, Set.of("a"), 2, 3 * SECOND)).containsExactly("a");
  }

  @Test
  void memberThatComesBackInTimeStartsAgain() {
    look(policy, Set.of("a"), 2, 0);
    look(policy, Set.of(), 2, 2 * SECOND);
    assertThat(look(policy, Set.of("a"), 2, 3 * SECOND)).isEmpty();
    assertThat(look(policy, Set.of("a"), 2, 6 * SECOND)).containsExactly("a");
  }

  @Test
  void oneThatDiesLaterDoesNotProlongTheOthersTime() {
    look(policy, Set.of("a"), 2, 0);
    look(policy, Set.of("a", "b"), 2, 2 * SECOND);
    assertThat(look(policy, Set.of("a", "b"), 2, 3 * SECOND)).containsExactly("a");
    assertThat(look(policy, Set.of("b"), 2, 5 * SECOND)).containsExactly("b");
  }

  @Test
  void sideWithoutQuorumTakesLonger() {
    look(policy, Set.of("a", "b"), 1, 0);
    long late = DowningPolicy.PATIENCE * 3 * SECOND;
    assertThat(look(policy, Set.of("a", "b"), 1, late - 1)).isEmpty();
    assertThat(look(policy, Set.of("a", "b"), 2, late - 1)).containsExactlyInAnyOrder("a", "b");
    assertThat(look(policy, Set.of("a", "b"), 1, late)).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void workersDecideOnlyWhereCoordinatorsCannot() {
    StaticQuorum<String> worker = new StaticQuorum<>(2, false, Duration.ofSeconds(3));
    look(worker, Set.of("a"), 2, 0);
    assertThat(look(worker, Set.of("a"), 2, 60 * SECOND)).isEmpty();
    assertThat(look(worker, Set.of("a"), 1, 60 * SECOND)).containsExactly("a");
  }

  @Test
  void theQuorumIsTheMandate() {
    assertThat(policy.mandate(sight(Set.of("a"), 2))).isEqualTo(Mandate.GIVEN);
    assertThat(policy.mandate(sight(Set.of("a"), 1))).isEqualTo(Mandate.DENIED);
  }

  private static Set<String> look(
      StaticQuorum<String> policy, Set<String> lost, int coordinators, long now) {
    Verdict<String> verdict = policy.look(sight(lost, coordinators), now);
    assertThat(verdict.wish()).isEqualTo(Verdict.Wish.NONE);
    return verdict.givenUp();
  }

  private static Sight<String> sight(Set<String> lost, int coordinators) {
    return new Sight<>(
        new HashSet<>(List.of("self", "other").subList(0, coordinators)), Set.of(), lost);
  }
}
