package io.rglcd.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
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
 * @param term of the coordinator
 * @param generation of the last members
 * @param step number of committed updates
 * @param ledger of the samples
 * @param checkpoint directory with the replicas' state; empty at the very start
 */
public record RunStart(
    Term term,
    Generation generation,
    StepNumber step,
    SampleLedger ledger,
    Optional<Path> checkpoint) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int VERSION = 1;

  /** What a run has reached. */
  public static RunStart at(
      Term term, Generation generation, StepNumber step, SampleLedger ledger) {
    return new RunStart(term, generation, step, ledger, Optional.empty());
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
                    new Term(1),
                    new Generation(0),
                    new StepNumber(0),
                    SampleLedger.of(settings.samples())));
  }

  private static RunStart resumed(Path directory, TrainingSettings settings) {
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
      if (step >= settings.limits().steps()) {
        throw new TrainingException(
            directory
                + " has reached step "
                + step
                + " (expected: below steps, "
                + settings.limits().steps()
                + "; ask for more steps or choose another output directory)");
      }
      return new RunStart(
          new Term(json.path("term").asLong()).next(),
          new Generation(json.path("generation").asLong()),
          new StepNumber(step),
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
        throw new TrainingException(
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
