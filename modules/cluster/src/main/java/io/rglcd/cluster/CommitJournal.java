package io.rglcd.cluster;

import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Term;
import java.util.List;

/**
 * The durable log of a run, which outlives coordinators: appending a commit is what makes it one.
 */
public interface CommitJournal {

  /**
   * What a new coordinator begins with.
   *
   * @param term claimed for it, above all before
   * @param records all that count, in order
   */
  record Claim(Term term, List<HistoryRecord> records) {

    /** Copies the list. */
    public Claim {
      records = List.copyOf(records);
    }
  }

  /**
   * Takes over the log: from now on no other coordinator's record is taken.
   *
   * @throws TrainingException if it cannot be read or claimed
   */
  Claim claim();

  /**
   * Appends durably.
   *
   * @throws TrainingException if another coordinator has claimed the log since, or it cannot be
   *     written; then the record does not count
   */
  void append(HistoryRecord record);
}
