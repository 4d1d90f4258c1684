package io.rglcd.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimesTest {

  private static Times steps(long... millis) {
    List<Long> nanos = Arrays.stream(millis).mapToObj(ms -> ms * 1_000_000).toList();
    return new Times(0, 0, 0, 0, nanos);
  }

  @Test
  void asManyStepsFitAsTheLastOnesWereShort() {
    assertThat(steps(500, 1500).stepsIn(Duration.ofSeconds(3))).isEqualTo(3);
    assertThat(steps(400).stepsIn(Duration.ofSeconds(3))).isEqualTo(8);
  }

  @Test
  void thereIsAlwaysOneEvenBeforeTheFirstIsDone() {
    assertThat(steps(60_000).stepsIn(Duration.ofSeconds(3))).isEqualTo(1);
    assertThat(steps(10).stepsIn(Duration.ZERO)).isEqualTo(1);
    assertThat(Times.START.stepsIn(Duration.ofHours(1))).isEqualTo(1);
  }
}
