package io.rglcd.cli.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The content of report.json. A figure that was not measured is NaN here and null in the file.
 *
 * @param steps committed updates
 * @param seconds of the training itself
 * @param samplesCommitted samples that went into an update
 * @param loss the objective, consistency loss minus scaled reward, at both ends
 * @param distill the consistency loss at both ends
 * @param trainReward the mean reward of the training batches at both ends
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
    Ends loss,
    Ends distill,
    @JsonProperty("train_reward") Ends trainReward,
    RewardTable reward,
    RewardTable pref,
    Agreement agreement,
    List<String> prompts,
    long seed,
    Map<String, String> versions,
    JsonNode config) {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .registerModule(new SimpleModule().addSerializer(double.class, new FiniteOrNull()));

  /**
   * A curve's ends.
   *
   * @param first value, of the run's first step
   * @param last value
   */
  public record Ends(double first, double last) {}

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

  private static final class FiniteOrNull extends StdSerializer<Double> {

    private static final long serialVersionUID = 1L;

    FiniteOrNull() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(value);
      } else {
        json.writeNull();
      }
    }
  }
}
