package io.rglcd.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The content of report.json.
 *
 * @param steps committed updates
 * @param seconds of the training itself
 * @param samplesCommitted samples that went into an update
 * @param loss at both ends
 * @param reward of the trained reward
 * @param pref the same of pref_clip
 * @param agreement with the teacher
 * @param prompts that were measured
 * @param seed of the run
 * @param versions of program and libraries
 * @param config all values of the configuration
 */
public record ReportJson(
    long steps,
    double seconds,
    @JsonProperty("samples_committed") long samplesCommitted,
    Loss loss,
    RewardTable reward,
    RewardTable pref,
    Agreement agreement,
    List<String> prompts,
    long seed,
    Map<String, String> versions,
    JsonNode config) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * The objective, consistency loss minus the scaled reward, at both ends of a run.
   *
   * @param first of the first step
   * @param last of the last step
   */
  public record Loss(double first, double last) {}

  /**
   * The configuration's JSON text as a tree.
   *
   * @throws IllegalArgumentException if it is no JSON
   */
  public static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("configuration: not JSON, " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Writes the report.
   *
   * @throws OutputException if the file cannot be written
   */
  public void write(Path file) {
    try {
      OutputDirectory.write(file, JSON.writeValueAsBytes(this));
    } catch (JsonProcessingException e) {
      throw new OutputException("report " + file, e);
    }
  }
}
