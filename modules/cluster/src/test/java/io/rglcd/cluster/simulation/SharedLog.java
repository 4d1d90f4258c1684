package io.rglcd.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.CommitJournal;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.state.CommitHistory;
import io.rglcd.data.SampleRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The durable log of all coordinators, and what must hold of it. */
final class SharedLog implements CommitJournal {

  private final CommitHistory.Origin origin;
  private final boolean fenced;
  private final List<HistoryRecord> records = new ArrayList<>();
  private Term term = new Term(0);

  SharedLog(CommitHistory.Origin origin, boolean fenced) {
    this.origin = origin;
    this.fenced = fenced;
  }

  @Override
  public Claim claim() {
    Term next = term.next();
    assertThat(next).as("MonotonicTerm").isGreaterThan(term);
    term = next;
    return new Claim(term, records);
  }

  @Override
  public void append(HistoryRecord record) {
    if (fenced && !record.term().equals(term)) {
      throw new TrainingException("term " + record.term() + " is over");
    }
    records.add(record);
    check(record);
  }

  private void check(HistoryRecord record) {
    List<HistoryRecord.Committed> lineage = lineage();
    if (record instanceof HistoryRecord.Committed commit) {
      assertThat(lineage.get(lineage.size() - 1)).as("OneCommitPerStep").isEqualTo(commit);
    }
    Set<String> settled = new HashSet<>();
    for (HistoryRecord.Committed commit : lineage) {
      commit.skipped().forEach(skipped -> settle(settled, skipped.range()));
      commit.ranges().forEach(range -> settle(settled, range));
    }
  }

  private static void settle(Set<String> settled, SampleRange range) {
    for (long at = range.start(); at < range.end(); at++) {
      assertThat(settled.add(range.epoch() + "/" + at))
          .as("CommittedRangesDisjoint: %s at %s", range, at)
          .isTrue();
    }
  }

  /** The committed steps; a log with a gap or a step twice has none. */
  List<HistoryRecord.Committed> lineage() {
    try {
      return CommitHistory.of(origin, records).committed();
    } catch (IllegalStateException e) {
      throw new AssertionError("OneCommitPerStep: " + e.getMessage(), e);
    }
  }

  List<HistoryRecord> all() {
    return records;
  }

  StepNumber step() {
    return new StepNumber(lineage().size());
  }
}
