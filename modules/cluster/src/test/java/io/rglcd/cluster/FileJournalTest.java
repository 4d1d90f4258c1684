package io.rglcd.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.SkippedRange;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.data.SampleRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileJournalTest {

  private static final Path FILE = Path.of("term-1.log");

  @TempDir Path folder;

  static HistoryRecord.Committed step(Term term, long step, double loss) {
    return new HistoryRecord.Committed(
        new StepKey(term, new Generation(2), new StepNumber(step), new Attempt(1)),
        List.of(new SampleRange(0, 4 * step, 4)),
        List.of(new UnreadableSample(4 * step + 1, "truncated \"jpeg\"\n\u00e9")),
        List.of(new SkippedRange(new SampleRange(0, 1000 + step, 1), "not finite twice")),
        0xFEDC_BA98L,
        3,
        loss);
  }

  private List<HistoryRecord> three(FileJournal journal) {
    Term term = journal.claim().term();
    List<HistoryRecord> records =
        List.of(
            step(term, 1, 0.1),
            step(term, 2, 0.2),
            new HistoryRecord.Rewound(term, new StepNumber(1)));
    records.forEach(journal::append);
    return records;
  }

  @Property(tries = 300)
  void everyFiniteLossIsReadAsItWasWritten(@ForAll double loss) throws IOException {
    HistoryRecord record = step(new Term(1), 1, loss);
    byte[] line = JournalLines.encode(record);
    List<HistoryRecord> read = new ArrayList<>();
    assertThat(JournalLines.read(FILE, line, line.length, read)).isEqualTo(line.length);
    assertThat(read).containsExactly(record);
  }

  @Test
  void theNextTermReadsWhatWasAppended() {
    List<HistoryRecord> records = three(new FileJournal(folder));
    CommitJournal.Claim claim = new FileJournal(folder).claim();
    assertThat(claim.records()).isEqualTo(records);
    assertThat(claim.term()).isEqualTo(new Term(2));
  }

  @Test
  void aRecordTornAtAnyByteIsCutAndTheLogGoesOn() throws IOException {
    List<HistoryRecord> records = three(new FileJournal(folder.resolve("whole")));
    byte[] bytes = Files.readAllBytes(folder.resolve("whole/term-1.log"));
    int last = bytes.length - JournalLines.encode(records.get(2)).length;
    for (int length = last; length < bytes.length; length++) {
      Path torn = Files.createDirectory(folder.resolve("torn-" + length));
      Files.createFile(torn.resolve("term-1.claim"));
      Files.write(torn.resolve("term-1.log"), Arrays.copyOf(bytes, length));
      FileJournal journal = new FileJournal(torn);
      CommitJournal.Claim claim = journal.claim();
      assertThat(claim.records()).isEqualTo(records.subList(0, 2));
      HistoryRecord next = step(claim.term(), 3, 0.3);
      journal.append(next);
      assertThat(new FileJournal(torn).claim().records())
          .containsExactly(records.get(0), records.get(1), next);
    }
  }

  @Test
  void anyFlippedBitIsAnErrorThatNamesFileAndOffsetOfTheRecord() throws IOException {
    three(new FileJournal(folder));
    byte[] bytes = Files.readAllBytes(folder.resolve("term-1.log"));
    for (int at = 0; at < bytes.length; at++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) (1 << bit);
        assertThatThrownBy(
                () -> JournalLines.read(FILE, damaged, damaged.length, new ArrayList<>()))
            .as("bit %s of byte %s", bit, at)
            .isInstanceOf(TrainingException.class)
            .hasMessageMatching("term-1\\.log is damaged at byte \\d+ \\(.*\\)");
      }
    }
  }

  @Test
  void aTermThatIsOverCannotAppend() {
    FileJournal first = new FileJournal(folder);
    Term term = first.claim().term();
    first.append(step(term, 1, 0.1));
    new FileJournal(folder).claim();
    assertThatThrownBy(() -> first.append(step(term, 2, 0.2)))
        .isInstanceOf(TrainingException.class)
        .hasMessage("term 1 is over: a coordinator of term 2 has taken over");
  }

  @Test
  void whatATermThatIsOverStillWritesNeverCounts() throws IOException {
    FileJournal first = new FileJournal(folder);
    Term term = first.claim().term();
    first.append(step(term, 1, 0.1));
    FileJournal second = new FileJournal(folder);
    Term newer = second.claim().term();
    byte[] late = JournalLines.encode(step(term, 2, 0.2));
    Files.write(folder.resolve("term-1.log"), late, StandardOpenOption.APPEND);
    second.append(step(newer, 2, 0.3));
    assertThat(new FileJournal(folder).claim().records())
        .containsExactly(step(term, 1, 0.1), step(newer, 2, 0.3));
  }

  @Test
  void theFirstRecordOfATermThatIsOverNeverCounts() throws IOException {
    Term term = new FileJournal(folder).claim().term();
    FileJournal second = new FileJournal(folder);
    Term newer = second.claim().term();
    Files.write(folder.resolve("term-1.log"), JournalLines.encode(step(term, 1, 0.2)));
    second.append(step(newer, 1, 0.3));
    assertThat(new FileJournal(folder).claim().records()).containsExactly(step(newer, 1, 0.3));
  }

  @Test
  void aCoordinatorThatDiedBetweenClaimAndFirstRecordLosesNothing() throws IOException {
    List<HistoryRecord> records = three(new FileJournal(folder));
    new FileJournal(folder).claim();
    Files.createFile(folder.resolve("term-3.claim"));
    CommitJournal.Claim claim = new FileJournal(folder).claim();
    assertThat(claim.term()).isEqualTo(new Term(4));
    assertThat(claim.records()).isEqualTo(records);
  }

  @Test
  void aShorterFileThanAnEarlierClaimSawIsAnError() throws IOException {
    three(new FileJournal(folder));
    new FileJournal(folder).claim();
    Path log = folder.resolve("term-1.log");
    byte[] bytes = Files.readAllBytes(log);
    Files.write(log, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> new FileJournal(folder).claim())
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "%s has %d bytes (expected: at least %d, restore it)",
            log, bytes.length / 2, bytes.length);
  }

  @Test
  void aFullDiskIsOneSentenceAndTheLogOpensAgain() throws IOException {
    List<HistoryRecord> records = three(new FileJournal(folder));
    FileJournal journal = new FileJournal(folder);
    Term term = journal.claim().term();
    Path log = folder.resolve("term-2.log");
    Files.createSymbolicLink(log, Path.of("/dev/full"));
    assertThatThrownBy(() -> journal.append(step(term, 2, 0.2)))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("cannot append to the log " + folder)
        .hasMessageContaining("No space left on device");
    Files.delete(log);
    assertThatThrownBy(() -> journal.append(step(term, 2, 0.2)))
        .as("what is at the end of the file is not known")
        .isInstanceOf(TrainingException.class);
    assertThat(new FileJournal(folder).claim().records()).isEqualTo(records);
  }

  @Test
  void manyThatClaimAtOnceGetDifferentTerms() throws Exception {
    int claimants = 16;
    Set<Term> terms = ConcurrentHashMap.newKeySet();
    ExecutorService threads = Executors.newFixedThreadPool(claimants);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < claimants; i++) {
        tasks.add(() -> claimedAnother(terms));
      }
      for (Future<Boolean> each : threads.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(terms).as("the last claim is nobody's prey").contains(new Term(claimants));
  }

  /** True if the term is nobody else's, or a newer claim voided ours. */
  private boolean claimedAnother(Set<Term> terms) {
    try {
      return terms.add(new FileJournal(folder).claim().term());
    } catch (TrainingException e) {
      return e.getMessage().contains(" is over: ");
    }
  }
}
