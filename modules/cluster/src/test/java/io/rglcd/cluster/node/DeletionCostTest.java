package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeletionCostTest {

  @Test
  void theOldestIsTheDearestAndEachYoungerOneIsCheaper() {
    assertThat(IntStream.range(0, 4).map(DeletionCost::of).boxed())
        .containsExactly(10_000, 9_900, 9_800, 9_700);
  }

  @Test
  void membersAlwaysCostMoreThanOnesThatAreNotYet() {
    assertThat(IntStream.range(0, 1000).map(DeletionCost::of))
        .allMatch(cost -> cost > 0)
        .isSortedAccordingTo((a, b) -> b - a);
  }
}
