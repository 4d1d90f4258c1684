package io.rglcd.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.state.CommitHistory;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that take the log from each other as fast as they can. */
@Timeout(120)
class JournalRaceTest {

  private static final int CLAIMS = 120;
  private static final int APPENDS = 4;

  @TempDir Path folder;

  /** Claims the log again and again and prints what it was told to be durable. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    FileJournal journal = new FileJournal(Path.of(arguments[0]));
    for (int i = 0; i < CLAIMS; i++) {
      try {
        CommitJournal.Claim claim = journal.claim();
        Term term = claim.term();
        long step = history(claim.records()).committed().size();
        for (int j = 0; j < APPENDS; j++) {
          step++;
          journal.append(FileJournalTest.step(term, step, 0.5));
          out.println(term + " " + step);
        }
      } catch (TrainingException e) {
        if (!e.getMessage().contains(" is over: ")) {
          throw e;
        }
      }
    }
    out.println("done");
  }

  private static CommitHistory history(List<HistoryRecord> records) {
    return CommitHistory.of(CommitHistory.Origin.of(1), records);
  }

  @Test
  void nothingThatOneProcessWasToldToBeDurableIsLostToTheOther() throws Exception {
    Path log = folder.resolve("log");
    List<Process> racers = new ArrayList<>();
    List<Path> outputs = List.of(folder.resolve("a.txt"), folder.resolve("b.txt"));
    try {
      for (Path output : outputs) {
        racers.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlogback.configurationFile="
                        + System.getProperty("logback.configurationFile"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    JournalRaceTest.class.getName(),
                    log.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
      }
      for (Process racer : racers) {
        assertThat(racer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    } finally {
      racers.forEach(Process::destroyForcibly);
    }
    List<String> counted =
        history(new FileJournal(log).claim().records()).committed().stream()
            .map(commit -> commit.key().term() + " " + commit.key().step())
            .toList();
    for (Path output : outputs) {
      List<String> said = new ArrayList<>(Files.readAllLines(output));
      assertThat(said.remove(said.size() - 1)).isEqualTo("done");
      assertThat(said).isNotEmpty();
      assertThat(counted).containsAll(said);
    }
    assertThat(new StepNumber(counted.size()).value()).isGreaterThan(APPENDS);
  }
}
