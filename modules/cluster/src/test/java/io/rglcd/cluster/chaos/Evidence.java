package io.rglcd.cluster.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.node.FakeRun;
import io.rglcd.cluster.node.TestCluster;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.state.CommitHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a run has left behind: its log, its last checkpoint and what its nodes have said. */
final class Evidence {

  private static final Pattern COMMIT =
      Pattern.compile("^event StepCommitted.*key=step (\\d+) .*digest=([\\w-]+)\\]");

  private final TestCluster cluster;
  private final Path undisturbed;
  private final boolean ended;

  Evidence(TestCluster cluster, Path undisturbed, boolean ended) {
    this.cluster = cluster;
    this.undisturbed = undisturbed;
    this.ended = ended;
  }

  Verdict verdict(
      long steps, long faults, long kills, List<String> surprises, List<Duration> recoveries)
      throws IOException {
    List<HistoryRecord> records = cluster.records();
    List<HistoryRecord.Committed> committed =
        CommitHistory.of(CommitHistory.Origin.of(FakeRun.SAMPLES), records).committed();
    List<String> events = events();
    return new Verdict(
        steps,
        committed.size(),
        records.stream().filter(r -> r instanceof HistoryRecord.Rewound).count(),
        faults,
        kills,
        events.stream().filter(line -> line.startsWith("event StepAborted")).count(),
        surprises,
        Samples.of(committed, FakeRun.SAMPLES),
        digestMismatches(events),
        recoveries,
        ended && isSame("state") && ledger(cluster.lastCheckpoint()).equals(ledger(undisturbed)));
  }

  private List<String> events() throws IOException {
    try (Stream<Path> files = Files.list(cluster.output())) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("node-"))
          .flatMap(Evidence::lines)
          .filter(line -> line.startsWith("event ") || line.startsWith("failed "))
          .toList();
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Steps of which different digests were told; a step that was done again has the same one. */
  static long digestMismatches(List<String> events) {
    Map<String, Set<String>> digests = new TreeMap<>();
    for (String line : events) {
      Matcher commit = COMMIT.matcher(line);
      if (commit.find()) {
        digests.computeIfAbsent(commit.group(1), step -> new HashSet<>()).add(commit.group(2));
      }
    }
    long told = events.stream().filter(line -> line.contains(" differs from the others")).count();
    return told + digests.values().stream().filter(all -> all.size() > 1).count();
  }

  private boolean isSame(String file) throws IOException {
    return Arrays.equals(
        Files.readAllBytes(cluster.lastCheckpoint().resolve(file)),
        Files.readAllBytes(undisturbed.resolve(file)));
  }

  private static JsonNode ledger(Path checkpoint) throws IOException {
    return new ObjectMapper().readTree(checkpoint.resolve("run.json").toFile()).get("ledger");
  }
}
