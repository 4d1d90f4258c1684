package io.rglcd.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.SkippedRange;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.SampleRange;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final long PER_EPOCH = 10;

  private static HistoryRecord.Committed step(long number, SampleRange... ranges) {
    return new HistoryRecord.Committed(
        new StepKey(new Term(1), new Generation(1), new StepNumber(number), new Attempt(0)),
        List.of(ranges),
        number == 1 ? List.of(new UnreadableSample(2, "torn")) : List.of(),
        number == 2
            ? List.of(new SkippedRange(new SampleRange(0, 8, 2), "too few are left"))
            : List.of(),
        0,
        4,
        0.5);
  }

  private static final HistoryRecord.Committed FIRST = step(1, new SampleRange(0, 0, 4));
  private static final HistoryRecord.Committed SECOND = step(2, new SampleRange(0, 4, 4));
  private static final HistoryRecord.Committed THIRD = step(3, new SampleRange(1, 0, 4));

  private static Verdict verdict(Samples samples, long steps, boolean sameWeights) {
    return new Verdict(
        3,
        steps,
        0,
        5,
        2,
        1,
        List.of(),
        samples,
        0,
        List.of(Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofSeconds(2)),
        sameWeights);
  }

  @Test
  void everySampleOnceIsWell() {
    Samples samples = Samples.of(List.of(FIRST, SECOND, THIRD), PER_EPOCH);
    assertThat(samples).isEqualTo(new Samples(14, 11, 3, 0, 0));
    Verdict verdict = verdict(samples, 3, true);
    assertThat(verdict.isWell()).isTrue();
    assertThat(verdict.text()).contains("median 2.0 s, maximum 4.0 s", "all is well");
  }

  @Test
  void sampleThatIsUsedTwiceIsFound() {
    HistoryRecord.Committed again = step(3, new SampleRange(0, 3, 1), new SampleRange(1, 0, 3));
    Samples samples = Samples.of(List.of(FIRST, SECOND, again), PER_EPOCH);
    assertThat(samples.duplicated()).isEqualTo(1);
    assertThat(verdict(samples, 3, true).isWell()).isFalse();
  }

  @Test
  void sampleThatIsNeitherUsedNorSkippedIsFound() {
    Samples missing = Samples.of(List.of(FIRST, THIRD), PER_EPOCH);
    assertThat(missing.lost()).isEqualTo(6);
    Samples hole = Samples.of(List.of(FIRST, SECOND, step(3, new SampleRange(1, 2, 4))), PER_EPOCH);
    assertThat(hole.lost()).isEqualTo(2);
    assertThat(verdict(hole, 3, true).isWell()).isFalse();
  }

  @Test
  void missingStepOtherWeightsAndNodesThatEndAreNotWell() {
    Samples samples = Samples.of(List.of(FIRST, SECOND, THIRD), PER_EPOCH);
    assertThat(verdict(samples, 2, true).isWell()).isFalse();
    assertThat(verdict(samples, 3, false).isWell()).isFalse();
    assertThat(
            new Verdict(3, 3, 0, 0, 0, 0, List.of("a node ended"), samples, 0, List.of(), true)
                .isWell())
        .isFalse();
    assertThat(new Verdict(3, 3, 0, 0, 0, 0, List.of(), samples, 1, List.of(), true).isWell())
        .isFalse();
    assertThat(verdict(samples, 2, true).text()).contains("2 of 3", "NOT WELL");
  }
}
