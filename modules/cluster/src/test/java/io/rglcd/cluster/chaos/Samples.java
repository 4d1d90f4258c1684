package io.rglcd.cluster.chaos;

import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.SkippedRange;
import io.rglcd.data.SampleRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of the samples, counted anew from the log's records.
 *
 * @param expected samples of all epochs before the last, and of the last as far as it was used
 * @param committed uses of samples that contributed to a step
 * @param skipped samples that were unreadable or given up, with a reason
 * @param duplicated uses of a sample after its first in an epoch
 * @param lost samples that were neither committed nor skipped
 */
public record Samples(long expected, long committed, long skipped, long duplicated, long lost) {

  /**
   * Counts.
   *
   * @param steps the committed steps that count
   * @param perEpoch samples in an epoch
   */
  public static Samples of(List<HistoryRecord.Committed> steps, long perEpoch) {
    TreeMap<Long, Map<Long, Integer>> uses = new TreeMap<>();
    long unreadable = 0;
    long givenUp = 0;
    for (HistoryRecord.Committed step : steps) {
      unreadable += step.unreadable().size();
      step.ranges().forEach(range -> use(uses, range));
      for (SkippedRange skipped : step.skipped()) {
        givenUp += skipped.range().count();
        use(uses, skipped.range());
      }
    }
    long expected = 0;
    long distinct = 0;
    long all = 0;
    for (Map.Entry<Long, Map<Long, Integer>> epoch : uses.entrySet()) {
      boolean last = epoch.getKey().equals(uses.lastKey());
      Optional<Long> end = epoch.getValue().keySet().stream().max(Long::compare);
      expected += last ? end.orElse(-1L) + 1 : perEpoch;
      distinct += epoch.getValue().size();
      all += epoch.getValue().values().stream().mapToInt(Integer::intValue).sum();
    }
    return new Samples(
        expected,
        all - unreadable - givenUp,
        unreadable + givenUp,
        all - distinct,
        expected - distinct);
  }

  private static void use(Map<Long, Map<Long, Integer>> uses, SampleRange range) {
    Map<Long, Integer> epoch = uses.computeIfAbsent(range.epoch(), e -> new HashMap<>());
    for (long at = range.start(); at < range.end(); at++) {
      epoch.merge(at, 1, Integer::sum);
    }
  }
}
