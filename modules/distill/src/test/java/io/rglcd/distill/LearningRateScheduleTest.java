package io.rglcd.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningRateScheduleTest {

  /** Expected values follow diffusers.optimization with warm-up 10 and 110 updates in all. */
  @ParameterizedTest
  @CsvSource({
    "constant, 0, 0.2",
    "constant, 109, 0.2",
    "constant_with_warmup, 5, 0.1",
    "constant_with_warmup, 60, 0.2",
    "linear, 0, 0",
    "linear, 10, 0.2",
    "linear, 60, 0.1",
    "linear, 110, 0",
    "cosine, 35, 0.17071067811865476",
    "cosine, 60, 0.1",
    "cosine_with_restarts, 60, 0.1",
    "cosine_with_restarts, 110, 0",
    "polynomial, 10, 0.2",
    "polynomial, 60, 0.10000005",
    "polynomial, 111, 1e-7",
  })
  void followsDiffusers(String name, long update, double expected) {
    assertThat(LearningRateSchedule.of(name).rate(0.2, update, 10, 110))
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void namesTheKnownSchedulesWhenAskedForAnother() {
    assertThatThrownBy(() -> LearningRateSchedule.of("step"))
        .hasMessageStartingWith("lr scheduler: step (expected: one of constant, ");
  }
}
