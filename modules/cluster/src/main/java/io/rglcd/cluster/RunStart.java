package io.rglcd.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.state.CommitHistory;
import io.rglcd.data.DataException;
import io.rglcd.data.SampleLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a run begins: at the very start or at a checkpoint.
 *
 * @param term of the last coordinator
 * @param generation of the last members
 * @param step number of committed updates
 * @param checksum of the mean gradient of the last of them; 0 before the first
 * @param ledger of the samples
 * @param checkpoint directory with the replicas' state; empty at the very start
 */
public record RunStart(
    Term term,
    Generation generation,
    StepNumber step,
    long checksum,
    SampleLedger ledger,
    Optional<Path> checkpoint) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;

  /** What a run has reached. */
  public static RunStart at(
      Term term, Generation generation, StepNumber step, long checksum, SampleLedger ledger) {
    return new RunStart(term, generation, step, checksum, ledger, Optional.empty());
  }

  /** Where the log of this run begins. */
  public CommitHistory.Origin origin() {
    return new CommitHistory.Origin(step, checksum, ledger);
  }

  /**
   * The start of a run.
   *
   * @throws TrainingException if the checkpoint to resume is missing, damaged or of another run
   */
  public static RunStart of(TrainingSettings settings) {
    return settings
        .resume()
        .map(directory -> resumed(directory, settings))
        .orElseGet(
            () ->
                at(
                    new Term(0),
                    new Generation(0),
                    new StepNumber(0),
                    0,
                    SampleLedger.of(settings.samples())));
  }

  /**
   * What a node of a cluster begins with: the newest complete checkpoint of the output directory,
   * or the very start.
   *
   * @throws TrainingException if that checkpoint is damaged or of another run
   */
  public static RunStart newest(TrainingSettings settings) {
    return CheckpointFiles.newest(settings.output())
        .map(directory -> read(directory, settings))
        .orElseGet(() -> of(settings));
  }

  private static RunStart resumed(Path directory, TrainingSettings settings) {
    RunStart start = read(directory, settings);
    CheckpointFiles.problem(directory)
        .ifPresent(
            problem -> {
              throw new TrainingException(problem + " (resume from an older checkpoint)");
            });
    if (start.step().value() >= settings.limits().steps()) {
      throw new TrainingException(
          directory
              + " has reached step "
              + start.step()
              + " (expected: below steps, "
              + settings.limits().steps()
              + "; ask for more steps or choose another output directory)");
    }
    return start;
  }

  /**
   * What a checkpoint holds, be it the run's last step or not.
   *
   * @throws TrainingException if it is missing, damaged or of another run
   */
  public static RunStart read(Path directory, TrainingSettings settings) {
    Path file = directory.resolve(CheckpointFiles.RUN);
    if (!Files.isRegularFile(file)) {
      throw new TrainingException(
          directory + " is not a checkpoint: it has no file " + CheckpointFiles.RUN);
    }
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      if (json.path("version").asInt() != VERSION) {
        throw new TrainingException(
            file + ": version " + json.path("version") + " (expected: " + VERSION + ")");
      }
      checkIdentity(directory, json.path("identity"), settings.identity());
      SampleLedger ledger = SampleLedger.fromJson(json.path("ledger"));
      if (ledger.total() != settings.samples()) {
        throw new TrainingException(
            directory
                + " belongs to a run over "
                + ledger.total()
                + " samples (expected: "
                + settings.samples()
                + ")");
      }
      long step = json.path("step").asLong();
      return new RunStart(
          new Term(json.path("term").asLong()),
          new Generation(json.path("generation").asLong()),
          new StepNumber(step),
          json.path("meanChecksum").asLong(),
          ledger,
          Optional.of(directory));
    } catch (IOException | DataException e) {
      throw new TrainingException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static void checkIdentity(Path directory, JsonNode found, Map<String, String> expected) {
    TreeMap<String, String> names = new TreeMap<>(expected);
    found.fieldNames().forEachRemaining(name -> names.putIfAbsent(name, ""));
    for (String name : names.keySet()) {
      String theirs = found.path(name).asText("unset");
      String ours = expected.getOrDefault(name, "unset");
      if (!theirs.equals(ours)) {
        throw new OtherRunException(
            directory
                + " belongs to another run: "
                + name
                + " is "
                + theirs
                + " (expected: "
                + ours
                + ")");
      }
    }
  }

  /** For the checkpoint; {@link #of} reads it. */
  public String toJson(Map<String, String> identity) {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("step", step.value());
    json.put("term", term.value());
    json.put("generation", generation.value());
    json.put("meanChecksum", checksum);
    ObjectNode names = json.putObject("identity");
    new TreeMap<>(identity).forEach(names::put);
    json.set("ledger", ledger.toJson());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }
}
