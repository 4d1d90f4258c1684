package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.FileJournal;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.state.CommitHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Nodes of one run in processes of their own, and what they leave behind. */
final class TestCluster implements AutoCloseable {

  /** File that lets nodes go on that hold, see {@link FailAt}. */
  static final String GO_ON = "go-on";

  /** File from whose making on gradients take no time. */
  static final String HURRY = "hurry";

  final Path output;
  private final long steps;
  private final long gradientMillis;
  private final int quorum;
  private int expected = 1;
  private final List<Integer> seedPorts = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();

  TestCluster(Path output, int coordinators, long steps, long gradientMillis) {
    this.output = output;
    this.steps = steps;
    this.gradientMillis = gradientMillis;
    this.quorum = coordinators / 2 + 1;
    for (int i = 0; i < coordinators; i++) {
      seedPorts.add(freePort());
    }
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the run begin when so many workers are there. */
  TestCluster expecting(int workers) {
    expected = workers;
    return this;
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a coordinator; the same number has the same address again.
   *
   * @param extras see {@link NodeProcessMain}
   */
  NodeProcess coordinator(int number, String... extras) {
    return start("coordinator", "coordinator", seedPorts.get(number), "7", extras);
  }

  NodeProcess worker(String... extras) {
    return start("worker", "worker", 0, "7", extras);
  }

  NodeProcess loader() {
    return start("loader", "loader", 0, "7");
  }

  NodeProcess loaderOfAnotherRun() {
    return start("stranger", "loader", 0, "8");
  }

  NodeProcess workerOfAnotherRun() {
    return start("stranger", "worker", 0, "8");
  }

  private NodeProcess start(String name, String roles, int port, String seed, String... extras) {
    String seeds = String.join(",", seedPorts.stream().map(p -> "127.0.0.1:" + p).toList());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                name + nodes.size(),
                roles,
                Integer.toString(port),
                seeds,
                Integer.toString(quorum),
                output.toString(),
                Long.toString(steps),
                Long.toString(gradientMillis),
                seed,
                Integer.toString(expected)));
    arguments.addAll(List.of(extras));
    Path said = output.resolve("node-" + nodes.size() + "-" + name + ".txt");
    NodeProcess node = new NodeProcess(said, arguments);
    nodes.add(node);
    return node;
  }

  /** Lets nodes go on that hold. */
  void goOn() throws IOException {
    Files.createFile(output.resolve(GO_ON));
  }

  /** The newest committed step, as the log tells it without being claimed. */
  long step() {
    Path log = output.resolve("log");
    if (!Files.isDirectory(log)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(log)) {
      long newest = 0;
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        for (String line : Files.readAllLines(file)) {
          JsonNode json = new ObjectMapper().readTree(line.substring(9));
          newest = Math.max(newest, json.at("/committed/key/step/value").asLong());
        }
      }
      return newest;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitStep(long step) {
    NodeProcess.awaitThat("step " + step + " in " + output, () -> step() >= step);
  }

  Path lastCheckpoint() {
    return CheckpointFiles.directory(output, steps);
  }

  /** Lets gradients take no time any more, and waits for the end: nothing more will happen. */
  void hurryToTheEnd() throws IOException {
    Files.createFile(output.resolve(HURRY));
    awaitEnd();
  }

  void awaitEnd() {
    NodeProcess.awaitThat(
        "the last checkpoint in " + output,
        () -> Files.exists(lastCheckpoint().resolve(CheckpointFiles.RUN)));
  }

  /** Every sample once, every replica the same, the weights of an undisturbed run. */
  void assertNothingLostAndNothingTwice(Path undisturbed) throws IOException {
    CommitHistory history =
        CommitHistory.of(
            CommitHistory.Origin.of(FakeRun.SAMPLES),
            new FileJournal(output.resolve("log")).claim().records());
    assertThat(history.committed()).hasSize((int) steps);
    Set<String> used = new HashSet<>();
    for (HistoryRecord.Committed commit : history.committed()) {
      commit
          .ranges()
          .forEach(
              range -> {
                for (long at = range.start(); at < range.end(); at++) {
                  assertThat(used.add(range.epoch() + "/" + at)).as("sample %s", at).isTrue();
                }
              });
    }
    assertThat(Files.readAllBytes(lastCheckpoint().resolve("state")))
        .as("weights and moments of an undisturbed run")
        .isEqualTo(Files.readAllBytes(undisturbed.resolve("state")));
    JsonNode ours = new ObjectMapper().readTree(lastCheckpoint().resolve("run.json").toFile());
    JsonNode theirs = new ObjectMapper().readTree(undisturbed.resolve("run.json").toFile());
    assertThat(ours.get("ledger")).isEqualTo(theirs.get("ledger"));
  }

  /** Each step is committed once, in order, by terms that grow; after the run. */
  void assertStepNeverGoesBack() {
    List<HistoryRecord> records = new FileJournal(output.resolve("log")).claim().records();
    assertThat(records)
        .as("no step is declared void")
        .hasOnlyElementsOfType(HistoryRecord.Committed.class)
        .isSortedAccordingTo(Comparator.comparing(record -> record.term().value()));
    assertThat(records)
        .extracting(record -> ((HistoryRecord.Committed) record).key().step().value())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, steps).boxed().toList());
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
  }
}
