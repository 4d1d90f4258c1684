package io.rglcd.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  private static final Duration LENGTH = Duration.ofMinutes(2);

  private static Schedule schedule(long seed, boolean cuts) {
    return Schedule.of(seed, LENGTH, 3, 2, cuts);
  }

  @Test
  void sameSeedGivesTheSameAndAnotherSeedAnother() {
    assertThat(schedule(5, true)).isEqualTo(schedule(5, true)).isNotEqualTo(schedule(6, true));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void faultsFollowEachOtherAndAreRepairedInTime(long seed) {
    Duration free = Duration.ZERO;
    for (Fault fault : schedule(seed, true).faults()) {
      assertThat(fault.at()).isGreaterThan(free);
      assertThat(fault.lasting()).isPositive();
      assertThat(fault.worker()).isBetween(0, 2);
      assertThat(fault.coordinator()).isBetween(0, 1);
      free = fault.until();
    }
    assertThat(free).isBetween(LENGTH.dividedBy(2), LENGTH);
  }

  @Test
  void allKindsOccurAndNoCutsWhereTheyAreNotAllowed() {
    assertThat(LongStream.range(0, 20).boxed().flatMap(s -> schedule(s, true).faults().stream()))
        .extracting(Fault::kind)
        .contains(Fault.Kind.values());
    assertThat(LongStream.range(0, 20).boxed().flatMap(s -> schedule(s, false).faults().stream()))
        .extracting(Fault::kind)
        .doesNotContain(Fault.Kind.CUT_OFF);
  }
}
