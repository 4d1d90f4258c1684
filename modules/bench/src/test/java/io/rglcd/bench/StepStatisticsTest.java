package io.rglcd.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rglcd.cluster.StepSeconds;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepStatisticsTest {

  private static final StepSeconds STEP = new StepSeconds(2, 0.1, 1.2, 0.2, 0.4);

  @Test
  void medianOfAnOddNumberIsTheMiddleValueWhateverTheOrder() {
    assertThat(StepStatistics.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
  }

  @Test
  void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
    assertThat(StepStatistics.median(List.of(4.0, 100.0, 1.0, 2.0))).isEqualTo(3);
  }

  @Test
  void medianOfNothingIsRefused() {
    assertThatThrownBy(() -> StepStatistics.median(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("values: 0 (expected: >= 1)");
  }

  @Test
  void shareOutsideTensorsIsLoadingAndWhatNoPartAccountsFor() {
    assertThat(StepStatistics.shareOutsideTensors(STEP)).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void shareWithReduceCountsTheReductionAsWell() {
    assertThat(StepStatistics.shareOutsideTensorsWithReduce(STEP)).isCloseTo(0.2, within(1e-12));
  }
}
