package io.rglcd.cluster;

import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Term;
import java.util.ArrayList;
import java.util.List;

/** A log that ends with the process: for runs in one process, whose checkpoints are enough. */
public final class MemoryJournal implements CommitJournal {

  private final List<HistoryRecord> records = new ArrayList<>();
  private Term term;

  /**
   * An empty log.
   *
   * @param last the term before the first that will be claimed
   */
  public MemoryJournal(Term last) {
    this.term = last;
  }

  @Override
  public synchronized Claim claim() {
    term = term.next();
    return new Claim(term, records);
  }

  @Override
  public synchronized void append(HistoryRecord record) {
    if (!record.term().equals(term)) {
      throw new TrainingException(
          "term " + record.term() + " is over: a coordinator of term " + term + " has taken over");
    }
    records.add(record);
  }
}
