package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.SkippedRange;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.Lessee;
import io.rglcd.data.SampleLedger;
import io.rglcd.data.SampleRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The committed steps of a run, as its log tells them.
 *
 * @param origin where the log begins: step, checksum and ledger of the very start or a checkpoint
 * @param committed step to commit, without gaps, after the origin
 */
public record CommitHistory(Origin origin, List<HistoryRecord.Committed> committed) {

  /**
   * Where a log begins.
   *
   * @param step number of updates before it
   * @param checksum of the mean gradient of the last of them; 0 before the first
   * @param ledger of the samples at that step
   */
  public record Origin(StepNumber step, long checksum, SampleLedger ledger) {

    /** The very start of a run over so many samples. */
    public static Origin of(long samples) {
      return new Origin(new StepNumber(0), 0, SampleLedger.of(samples));
    }
  }

  /** Copies the list. */
  public CommitHistory {
    committed = List.copyOf(committed);
  }

  /**
   * Reads a log.
   *
   * @throws IllegalStateException where it has a gap
   */
  public static CommitHistory of(Origin origin, List<HistoryRecord> records) {
    TreeMap<Long, HistoryRecord.Committed> steps = new TreeMap<>();
    long last = origin.step().value();
    for (HistoryRecord each : records) {
      if (each instanceof HistoryRecord.Rewound rewound) {
        steps.tailMap(rewound.to().value(), false).clear();
        last = rewound.to().value();
      } else if (each instanceof HistoryRecord.Committed commit) {
        long step = commit.key().step().value();
        if (step > origin.step().value()) {
          if (step != last + 1) {
            throw new IllegalStateException(
                "the log has step " + step + " after step " + last + " (expected: no gap)");
          }
          steps.put(step, commit);
          last = step;
        }
      }
    }
    return new CommitHistory(origin, List.copyOf(steps.values()));
  }

  /** The newest step. */
  StepNumber step() {
    return new StepNumber(origin.step().value() + committed.size());
  }

  /** Whether a replica holds a state of this history, the newest or an earlier one. */
  boolean contains(Holding holding) {
    long at = holding.step().value() - origin.step().value();
    if (at < 0 || at > committed.size()) {
      return false;
    }
    return holding.step().value() == 0 || checksum(holding.step()) == holding.checksum();
  }

  private long checksum(StepNumber step) {
    int at = (int) (step.value() - origin.step().value());
    return at == 0 ? origin.checksum() : committed.get(at - 1).checksum();
  }

  /** This history without what came after a step. */
  CommitHistory until(StepNumber step) {
    int count = (int) (step.value() - origin.step().value());
    return new CommitHistory(origin, committed.subList(0, count));
  }

  /** What the run had reached at the newest step. */
  Progress progress() {
    SampleLedger ledger = origin.ledger().releaseAll();
    for (HistoryRecord.Committed commit : committed) {
      ledger = replay(ledger, commit);
    }
    Optional<Commit> last =
        committed.isEmpty()
            ? Optional.empty()
            : Optional.of(committed.get(committed.size() - 1))
                .map(c -> new Commit(c.key(), c.checksum(), false));
    return new Progress(step(), checksum(step()), last, ledger, List.of());
  }

  private static SampleLedger replay(SampleLedger ledger, HistoryRecord.Committed commit) {
    SampleLedger now = ledger;
    Lessee log = new Lessee("log", 0);
    for (SkippedRange skipped : commit.skipped()) {
      if (now.isEpochComplete()) {
        now = now.lease(1, log).ledger().releaseAll();
      }
      now = now.skip(List.of(skipped.range()), skipped.reason());
    }
    int count = commit.ranges().stream().mapToInt(SampleRange::count).sum();
    for (SampleRange range : commit.ranges()) {
      now = now.lease(range.count(), log).ledger();
    }
    Map<Long, String> unreadable =
        commit.unreadable().stream()
            .collect(Collectors.toMap(UnreadableSample::position, UnreadableSample::reason));
    if (now.leased() != count) {
      throw new IllegalStateException(
          "the log's "
              + commit.key()
              + " has "
              + count
              + " samples, "
              + now.leased()
              + " of them"
              + " were free (expected: all)");
    }
    return now.commit(commit.ranges(), unreadable, commit.key().step().value());
  }
}
