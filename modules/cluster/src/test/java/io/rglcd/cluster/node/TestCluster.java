package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.FileJournal;
import io.rglcd.cluster.TestPorts;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.state.CommitHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Nodes of one run in processes of their own, and what they leave behind. */
public final class TestCluster implements AutoCloseable {

  /** Without a heartbeat for so long a node counts as unreachable. */
  public static final Duration ACCEPTABLE_PAUSE = Duration.ofSeconds(2);

  /** File that lets nodes go on that hold, see {@link FailAt}. */
  static final String GO_ON = "go-on";

  /** File from whose making on gradients take no time. */
  static final String HURRY = "hurry";

  final Path output;
  private final long steps;
  private final long gradientMillis;
  private final int quorum;
  private int expected = 1;
  private final List<String> common = new ArrayList<>();
  private final List<Place> seedPlaces = new ArrayList<>();
  private final List<Integer> seedPorts = new ArrayList<>();
  private final List<NodeProcess> nodes = new ArrayList<>();

  TestCluster(Path output, int coordinators, long steps, long gradientMillis) {
    this(output, Collections.nCopies(coordinators, Place.HERE), steps, gradientMillis);
  }

  /**
   * A cluster without nodes yet.
   *
   * @param output directory of the run
   * @param coordinators where they will run
   * @param steps of the run
   * @param gradientMillis that a gradient takes
   */
  public TestCluster(Path output, List<Place> coordinators, long steps, long gradientMillis) {
    this.output = output;
    this.steps = steps;
    this.gradientMillis = gradientMillis;
    this.quorum = coordinators.size() / 2 + 1;
    for (Place place : coordinators) {
      seedPlaces.add(place);
      seedPorts.add(TestPorts.free());
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

  /**
   * Lets no checkpoint be written before the last one, which a worker that joins might begin with
   * and lack nothing.
   */
  TestCluster withoutCheckpoints() {
    common.add("checkpoints=" + (steps + 1));
    return this;
  }

  /** Lets a lease decide instead of the quorum. */
  public TestCluster decidedByLease(String name) {
    common.add("lease=" + name);
    return this;
  }

  /**
   * Starts a coordinator; the same number has the same address again.
   *
   * @param extras see {@link NodeProcessMain}
   */
  public NodeProcess coordinator(int number, String... extras) {
    return start(
        seedPlaces.get(number), "coordinator", "coordinator", seedPorts.get(number), "7", extras);
  }

  NodeProcess worker(String... extras) {
    return start(Place.HERE, "worker", "worker", 0, "7", extras);
  }

  /** Starts a worker. */
  public NodeProcess worker(Place place) {
    return start(place, "worker", "worker", 0, "7");
  }

  NodeProcess loader() {
    return start(Place.HERE, "loader", "loader", 0, "7");
  }

  NodeProcess server(String seed) {
    return start(Place.HERE, "server", "server", 0, seed);
  }

  NodeProcess loaderOfAnotherRun() {
    return start(Place.HERE, "stranger", "loader", 0, "8");
  }

  NodeProcess workerOfAnotherRun() {
    return start(Place.HERE, "stranger", "worker", 0, "8");
  }

  private NodeProcess start(
      Place place, String name, String roles, int port, String seed, String... extras) {
    String seeds =
        IntStream.range(0, seedPorts.size())
            .mapToObj(i -> seedPlaces.get(i).host() + ":" + seedPorts.get(i))
            .collect(Collectors.joining(","));
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
                Integer.toString(expected),
                "host=" + place.host()));
    arguments.addAll(common);
    arguments.addAll(List.of(extras));
    Path said = output.resolve("node-" + nodes.size() + "-" + name + ".txt");
    NodeProcess node = new NodeProcess(place.prefix(), said, arguments);
    nodes.add(node);
    return node;
  }

  /** Lets nodes go on that hold. */
  void goOn() throws IOException {
    Files.createFile(output.resolve(GO_ON));
  }

  /** The newest committed step, as the log tells it without being claimed. */
  public long step() {
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

  /** Waits for a step's commit. */
  public void awaitStep(long step) {
    NodeProcess.awaitThat("step " + step + " in " + output, () -> step() >= step);
  }

  /** Where the last checkpoint will be. */
  public Path lastCheckpoint() {
    return CheckpointFiles.directory(output, steps);
  }

  /** Lets gradients take no time any more, and waits for the end: nothing more will happen. */
  public void hurryToTheEnd() throws IOException {
    Files.createFile(output.resolve(HURRY));
    awaitEnd();
  }

  /** Whether the last checkpoint is there. */
  public boolean isOver() {
    return Files.exists(lastCheckpoint().resolve(CheckpointFiles.RUN));
  }

  /** The log's records; no coordinator may append any more. */
  public List<HistoryRecord> records() {
    return new FileJournal(output.resolve("log")).claim().records();
  }

  /** Directory of the run. */
  public Path output() {
    return output;
  }

  /** Waits for the last checkpoint. */
  public void awaitEnd() {
    NodeProcess.awaitThat("the last checkpoint in " + output, this::isOver);
  }

  /** Every sample once, every replica the same, the weights of an undisturbed run. */
  public void assertNothingLostAndNothingTwice(Path undisturbed) throws IOException {
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
