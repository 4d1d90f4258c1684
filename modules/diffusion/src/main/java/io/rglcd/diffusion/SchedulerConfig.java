package io.rglcd.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The part of diffusers' scheduler_config.json that decides numbers.
 *
 * @param trainTimesteps number of training timesteps
 * @param betaStart first beta
 * @param betaEnd last beta
 * @param betaSchedule linear, scaled_linear or squaredcos_cap_v2
 * @param trainedBetas one beta a training timestep in place of the schedule's; empty for none
 * @param predictionType what the network predicts
 * @param stepsOffset added to the timesteps of leading spacing
 * @param setAlphaToOne whether the step behind the last timestep has alpha 1 instead of the first
 *     timestep's
 * @param timestepSpacing leading, trailing or linspace
 * @param timestepScaling scaling of the timestep in the boundary condition (LCMScheduler)
 * @param originalInferenceSteps grid of the distillation (LCMScheduler)
 */
public record SchedulerConfig(
    int trainTimesteps,
    double betaStart,
    double betaEnd,
    String betaSchedule,
    List<Double> trainedBetas,
    PredictionType predictionType,
    int stepsOffset,
    boolean setAlphaToOne,
    String timestepSpacing,
    double timestepScaling,
    int originalInferenceSteps) {

  private static final Set<String> BETA_SCHEDULES =
      Set.of("linear", "scaled_linear", "squaredcos_cap_v2");
  private static final Set<String> SPACINGS = Set.of("leading", "trailing", "linspace");

  /** Refuses what no schedule here computes. */
  public SchedulerConfig {
    trainedBetas = List.copyOf(trainedBetas);
    require(trainTimesteps >= 1, "num_train_timesteps", trainTimesteps, ">= 1");
    require(betaStart > 0 && betaStart < 1, "beta_start", betaStart, "between 0 and 1");
    require(betaEnd > 0 && betaEnd < 1, "beta_end", betaEnd, "between 0 and 1");
    require(
        BETA_SCHEDULES.contains(betaSchedule),
        "beta_schedule",
        betaSchedule,
        "linear, scaled_linear or squaredcos_cap_v2");
    require(
        trainedBetas.isEmpty() || trainedBetas.size() == trainTimesteps,
        "trained_betas",
        trainedBetas.size() + " numbers",
        trainTimesteps + ", one a training timestep");
    require(
        SPACINGS.contains(timestepSpacing),
        "timestep_spacing",
        timestepSpacing,
        "leading, trailing or linspace");
    require(stepsOffset >= 0, "steps_offset", stepsOffset, ">= 0");
    require(
        originalInferenceSteps >= 1, "original_inference_steps", originalInferenceSteps, ">= 1");
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new DiffusionException(key + ": " + value + " (expected: " + expected + ")");
    }
  }

  /**
   * Reads scheduler_config.json.
   *
   * @throws DiffusionException if the file is missing, no JSON, or holds a value as in {@link #of}
   */
  public static SchedulerConfig read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DiffusionException("file missing: " + file);
    }
    try {
      return of(new ObjectMapper().readTree(file.toFile()));
    } catch (IOException e) {
      throw new DiffusionException(file + " is not readable as JSON: " + e.getMessage());
    }
  }

  /**
   * Reads a configuration; absent keys have diffusers' defaults for DDIM.
   *
   * @throws DiffusionException naming a value that is not supported
   */
  public static SchedulerConfig of(JsonNode json) {
    for (String key : Set.of("clip_sample", "thresholding", "rescale_betas_zero_snr")) {
      require(!flag(json, key, false), key, true, "false, the only value supported");
    }
    return new SchedulerConfig(
        integer(json, "num_train_timesteps", 1000),
        number(json, "beta_start", 0.0001),
        number(json, "beta_end", 0.02),
        text(json, "beta_schedule", "linear"),
        numbers(json, "trained_betas"),
        PredictionType.of(text(json, "prediction_type", "epsilon")),
        integer(json, "steps_offset", 0),
        flag(json, "set_alpha_to_one", true),
        text(json, "timestep_spacing", "leading"),
        number(json, "timestep_scaling", 10),
        integer(json, "original_inference_steps", 50));
  }

  private static int integer(JsonNode json, String key, int absent) {
    if (!json.hasNonNull(key)) {
      return absent;
    }
    require(isInt(json.get(key)), key, json.get(key), "an int");
    return json.get(key).intValue();
  }

  private static boolean isInt(JsonNode node) {
    return node.canConvertToInt() && node.canConvertToExactIntegral();
  }

  private static double number(JsonNode json, String key, double absent) {
    if (!json.hasNonNull(key)) {
      return absent;
    }
    require(json.get(key).isNumber(), key, json.get(key), "a number");
    return json.get(key).doubleValue();
  }

  private static List<Double> numbers(JsonNode json, String key) {
    List<Double> values = new ArrayList<>();
    if (json.hasNonNull(key)) {
      require(json.get(key).isArray(), key, json.get(key), "null or a list of numbers");
      for (JsonNode element : json.get(key)) {
        require(element.isNumber(), key, element, "numbers only");
        values.add(element.doubleValue());
      }
    }
    return values;
  }

  private static boolean flag(JsonNode json, String key, boolean absent) {
    if (!json.hasNonNull(key)) {
      return absent;
    }
    require(json.get(key).isBoolean(), key, json.get(key), "true or false");
    return json.get(key).booleanValue();
  }

  private static String text(JsonNode json, String key, String absent) {
    if (!json.hasNonNull(key)) {
      return absent;
    }
    require(json.get(key).isTextual(), key, json.get(key), "a string");
    return json.get(key).textValue();
  }

  /** The decisive keys under diffusers' names, in its order; {@link #of} reads them back. */
  public JsonNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("beta_end", betaEnd);
    json.put("beta_schedule", betaSchedule);
    json.put("beta_start", betaStart);
    json.put("clip_sample", false);
    json.put("num_train_timesteps", trainTimesteps);
    json.put("original_inference_steps", originalInferenceSteps);
    json.put("prediction_type", predictionType.configName());
    json.put("set_alpha_to_one", setAlphaToOne);
    json.put("steps_offset", stepsOffset);
    json.put("timestep_scaling", timestepScaling);
    json.put("timestep_spacing", timestepSpacing);
    if (trainedBetas.isEmpty()) {
      json.putNull("trained_betas");
    } else {
      trainedBetas.forEach(json.putArray("trained_betas")::add);
    }
    return json;
  }

  /** The same schedule for another prediction. */
  public SchedulerConfig withPredictionType(PredictionType type) {
    return new SchedulerConfig(
        trainTimesteps,
        betaStart,
        betaEnd,
        betaSchedule,
        trainedBetas,
        type,
        stepsOffset,
        setAlphaToOne,
        timestepSpacing,
        timestepScaling,
        originalInferenceSteps);
  }
}
