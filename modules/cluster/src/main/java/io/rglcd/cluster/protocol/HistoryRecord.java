package io.rglcd.cluster.protocol;

import io.rglcd.data.SampleRange;
import java.util.List;

/** What the durable log holds: appending one makes it part of the run's history. */
public sealed interface HistoryRecord {

  /** The coordinator's term. */
  Term term();

  /**
   * A step was committed.
   *
   * @param key the attempt that was committed
   * @param ranges its samples, in the order of addition
   * @param unreadable samples of these ranges that could not be used
   * @param skipped samples that were given up since the commit before
   * @param checksum CRC32C of the mean gradient's bytes
   * @param samples number of samples that contributed
   * @param loss mean of the whole objective
   */
  record Committed(
      StepKey key,
      List<SampleRange> ranges,
      List<UnreadableSample> unreadable,
      List<SkippedRange> skipped,
      long checksum,
      int samples,
      double loss)
      implements HistoryRecord {

    /** Copies the lists. */
    public Committed {
      ranges = List.copyOf(ranges);
      unreadable = List.copyOf(unreadable);
      skipped = List.copyOf(skipped);
    }

    @Override
    public Term term() {
      return key.term();
    }
  }

  /**
   * No replica held the newest state: the history after an earlier step is void.
   *
   * @param term of the coordinator that decided it
   * @param to the step that is the newest now
   */
  record Rewound(Term term, StepNumber to) implements HistoryRecord {}
}
