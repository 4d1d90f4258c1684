package io.rglcd.cluster.downing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaseMajorityTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Duration STABLE = Duration.ofSeconds(3);

  private final LeaseMajority<String> policy = new LeaseMajority<>(true, STABLE);

  @Test
  void whileNoCoordinatorIsLostWorkersAreGivenUpWithoutTheLease() {
    Sight<String> sight = sight(Set.of("self", "other"), Set.of(), "worker");
    assertThat(policy.look(sight, 0)).isEqualTo(nothing());
    assertThat(policy.look(sight, 3 * SECOND)).isEqualTo(Verdict.giveUp(Set.of("worker")));
    assertThat(policy.mandate(sight)).isEqualTo(Mandate.GIVEN);
  }

  @Test
  void oneOfTwoAsksOnceTheOtherIsLostForLongEnoughAndGivesItUpWithTheLease() {
    Sight<String> sight = sight(Set.of("self"), Set.of("other"), "worker");
    assertThat(policy.look(sight, 0)).isEqualTo(nothing());
    assertThat(policy.look(sight, 3 * SECOND - 1)).isEqualTo(nothing());
    assertThat(policy.mandate(sight)).isEqualTo(Mandate.OPEN);
    assertThat(policy.look(sight, 3 * SECOND)).isEqualTo(take());
    policy.held(3 * SECOND);
    assertThat(policy.look(sight, 3 * SECOND + 1).givenUp())
        .containsExactlyInAnyOrder("other", "worker");
    assertThat(policy.mandate(sight)).isEqualTo(Mandate.GIVEN);
  }

  @Test
  void minorityAsksLater() {
    Sight<String> sight = sight(Set.of("self"), Set.of("b", "c"));
    policy.look(sight, 0);
    long late = LeaseMajority.MINORITY * 3 * SECOND;
    assertThat(policy.look(sight, late - 1)).isEqualTo(nothing());
    assertThat(policy.look(sight, late)).isEqualTo(take());
  }

  @Test
  void sideThatDoesNotGetTheLeaseHasNoMandateAndAsksAgain() {
    Sight<String> sight = sight(Set.of("self"), Set.of("other"), "worker");
    policy.look(sight, 0);
    policy.look(sight, 3 * SECOND);
    policy.heldBy(Optional.of("other"), 3 * SECOND);
    assertThat(policy.look(sight, 4 * SECOND - 1)).isEqualTo(nothing());
    assertThat(policy.mandate(sight)).isEqualTo(Mandate.DENIED);
    assertThat(policy.look(sight, 4 * SECOND)).isEqualTo(take());
    assertThat(policy.look(sight, 60 * SECOND).givenUp())
        .as("coordinators never, others late")
        .containsExactly("worker");
    assertThat(policy.mandate(sight)).as("nothing else was heard").isEqualTo(Mandate.DENIED);
  }

  @Test
  void leaseOfACoordinatorOnThisSideIsThisSides() {
    Sight<String> sight = sight(Set.of("self", "near"), Set.of("far"));
    policy.look(sight, 0);
    policy.look(sight, 3 * SECOND);
    policy.heldBy(Optional.of("near"), 3 * SECOND);
    assertThat(policy.look(sight, 3 * SECOND + 1).givenUp()).as("the holder does").isEmpty();
    assertThat(policy.mandate(sight)).isEqualTo(Mandate.GIVEN);
    policy.look(sight, 3 * SECOND + Lease.DURATION.toNanos());
    assertThat(policy.mandate(sight)).as("not heard of for long").isEqualTo(Mandate.OPEN);
  }

  @Test
  void leaseOfAStrangerIsAnothersSide() {
    Sight<String> sight = sight(Set.of("self"), Set.of("other"));
    policy.look(sight, 0);
    policy.heldBy(Optional.empty(), SECOND);
    policy.look(sight, 2 * SECOND);
    assertThat(policy.mandate(sight)).isEqualTo(Mandate.DENIED);
  }

  @Test
  void holderThatCannotRenewIsWithoutIt() {
    Sight<String> sight = sight(Set.of("self"), Set.of("other"));
    policy.look(sight, 0);
    policy.look(sight, 3 * SECOND);
    policy.held(3 * SECOND);
    long renewal = 3 * SECOND + LeaseMajority.RENEWAL.toNanos();
    assertThat(policy.look(sight, renewal - 1).wish()).isEqualTo(Verdict.Wish.NONE);
    assertThat(policy.look(sight, renewal).wish()).isEqualTo(Verdict.Wish.TAKE);
    long end = 3 * SECOND + Lease.DURATION.toNanos();
    assertThat(policy.look(sight, end)).isEqualTo(take());
    assertThat(policy.mandate(sight)).isEqualTo(Mandate.OPEN);
  }

  @Test
  void oneAloneHoldsTheLeaseForAsLongAsItIsAlone() {
    Sight<String> alone = sight(Set.of("self"), Set.of(), "worker");
    assertThat(policy.look(alone, 0)).isEqualTo(take());
    assertThat(policy.mandate(alone)).isEqualTo(Mandate.OPEN);
    policy.held(0);
    for (long now = 5 * SECOND; now < 300 * SECOND; now += 5 * SECOND) {
      assertThat(policy.look(alone, now).wish()).isEqualTo(Verdict.Wish.TAKE);
      assertThat(policy.mandate(alone)).isEqualTo(Mandate.GIVEN);
      policy.held(now);
    }
    assertThat(policy.look(sight(Set.of("self", "new"), Set.of()), 300 * SECOND).wish())
        .as("nobody was given up with it")
        .isEqualTo(Verdict.Wish.RELEASE);
  }

  @Test
  void oneAloneThatDoesNotGetTheLeaseHasNoMandateAndGivesWorkersUpLate() {
    Sight<String> alone = sight(Set.of("self"), Set.of(), "worker");
    policy.look(alone, 0);
    policy.heldBy(Optional.empty(), 0);
    assertThat(policy.look(alone, 12 * SECOND - 1).givenUp()).isEmpty();
    assertThat(policy.mandate(alone)).isEqualTo(Mandate.DENIED);
    assertThat(policy.look(alone, 12 * SECOND).givenUp()).containsExactly("worker");
  }

  @Test
  void leaseIsGivenBackWhenAllCoordinatorsAreThereAgainAndOthersHaveLearnedOfIt() {
    policy.look(sight(Set.of("self", "b", "c"), Set.of()), 0);
    policy.look(sight(Set.of("self", "b"), Set.of("c")), SECOND);
    policy.held(SECOND);
    policy.look(sight(Set.of("self", "b"), Set.of("c")), 2 * SECOND);
    Sight<String> fewer = sight(Set.of("self", "b"), Set.of());
    Sight<String> full = sight(Set.of("self", "b", "d"), Set.of());
    for (long now = 7 * SECOND; now < 100 * SECOND; now += 5 * SECOND) {
      assertThat(policy.look(fewer, now)).isEqualTo(take());
      policy.held(now);
    }
    long release = 2 * SECOND + LeaseMajority.RELEASE_AFTER.toNanos();
    assertThat(policy.look(full, release - 1).wish()).isNotEqualTo(Verdict.Wish.RELEASE);
    assertThat(policy.look(full, release).wish()).isEqualTo(Verdict.Wish.RELEASE);
    policy.released();
    assertThat(policy.look(full, release + SECOND)).isEqualTo(nothing());
    assertThat(policy.mandate(full)).isEqualTo(Mandate.GIVEN);
  }

  @Test
  void viewThatIsWholeAgainForgetsWhoHeldTheLease() {
    Sight<String> cut = sight(Set.of("self"), Set.of("other"));
    policy.look(cut, 0);
    policy.heldBy(Optional.of("other"), 0);
    policy.look(cut, 1);
    policy.look(sight(Set.of("self", "other"), Set.of()), SECOND);
    policy.look(cut, 2 * SECOND);
    assertThat(policy.mandate(cut)).isEqualTo(Mandate.OPEN);
  }

  @Test
  void othersKnowNothingOfTheLeaseAndGiveUpOnlyWhereTheySeeNoCoordinator() {
    LeaseMajority<String> worker = new LeaseMajority<>(false, STABLE);
    Sight<String> some = sight(Set.of("a"), Set.of("b"));
    Sight<String> none = sight(Set.of(), Set.of("a", "b"));
    worker.look(some, 0);
    assertThat(worker.look(some, 60 * SECOND)).isEqualTo(nothing());
    assertThat(worker.mandate(some)).isEqualTo(Mandate.OPEN);
    assertThat(worker.look(none, 60 * SECOND)).isEqualTo(Verdict.giveUp(Set.of("b")));
    assertThat(worker.mandate(none)).isEqualTo(Mandate.DENIED);
    assertThat(worker.mandate(sight(Set.of("a"), Set.of()))).isEqualTo(Mandate.GIVEN);
  }

  private static Verdict<String> nothing() {
    return Verdict.giveUp(Set.of());
  }

  private static Verdict<String> take() {
    return new Verdict<>(Set.of(), Verdict.Wish.TAKE);
  }

  private static Sight<String> sight(
      Set<String> coordinators, Set<String> lostCoordinators, String... lostOthers) {
    Set<String> lost = new HashSet<>(lostCoordinators);
    lost.addAll(Set.of(lostOthers));
    return new Sight<>(coordinators, lostCoordinators, lost);
  }
}
