package io.rglcd.data;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers of settled samples.
 *
 * @param committed samples that are part of a committed step
 * @param skipped reason to number of samples that were not used
 */
public record SampleTally(long committed, SortedMap<String, Long> skipped) {

  static final SampleTally NONE = new SampleTally(0, new TreeMap<>());

  /** Copies the map. */
  public SampleTally {
    skipped = Collections.unmodifiableSortedMap(new TreeMap<>(skipped));
  }

  /** Number of samples skipped for any reason. */
  public long skippedTotal() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Number of settled samples. */
  public long total() {
    return committed + skippedTotal();
  }

  SampleTally plus(SampleStatus settled, long count) {
    if (settled instanceof SampleStatus.Skipped skip) {
      return plus(new SampleTally(0, new TreeMap<>(Map.of(skip.reason(), count))));
    }
    return new SampleTally(committed + count, skipped);
  }

  SampleTally plus(SampleTally other) {
    TreeMap<String, Long> sum = new TreeMap<>(skipped);
    other.skipped.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
    return new SampleTally(committed + other.committed, sum);
  }
}
