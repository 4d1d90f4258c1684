package io.rglcd.data;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Numbers of settled samples.
 *
 * @param committed samples that are part of a committed step
 * @param skipped reason to number of samples that were not used
 */
public record SampleTally(long committed, SortedMap<String, Long> skipped) {

  private static final long ENOUGH = 1000;

  private static final double MOST_SKIPPED = 0.95;

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

  /**
   * Whether a run is better ended than gone on with: more than 95 % of the samples so far were not
   * used, and there were enough of them to tell.
   */
  public boolean isNearlyAllSkipped() {
    return total() >= ENOUGH && skippedTotal() > MOST_SKIPPED * total();
  }

  @Override
  public String toString() {
    String reasons =
        skipped.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .map(reason -> reason.getValue() + " x " + reason.getKey())
            .collect(Collectors.joining(", "));
    return skippedTotal()
        + " of "
        + total()
        + " samples were not used"
        + (reasons.isEmpty() ? "" : ": " + reasons);
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
