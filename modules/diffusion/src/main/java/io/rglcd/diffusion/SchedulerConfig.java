package io.rglcd.diffusion;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * The part of diffusers' scheduler_config.json that decides numbers.
 *
 * @param trainTimesteps number of training timesteps
 * @param betaStart first beta
 * @param betaEnd last beta
 * @param betaSchedule linear, scaled_linear or squaredcos_cap_v2
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
    if (trainTimesteps < 1) {
      throw new DiffusionException("num_train_timesteps: " + trainTimesteps + " (expected: >= 1)");
    }
    if (!BETA_SCHEDULES.contains(betaSchedule)) {
      throw new DiffusionException(
          "beta_schedule: "
              + betaSchedule
              + " (expected: linear, scaled_linear or squaredcos_cap_v2)");
    }
    if (!SPACINGS.contains(timestepSpacing)) {
      throw new DiffusionException(
          "timestep_spacing: " + timestepSpacing + " (expected: leading, trailing or linspace)");
    }
  }

  /**
   * Reads a configuration; absent keys have diffusers' defaults for DDIM.
   *
   * @throws DiffusionException naming a value that is not supported
   */
  public static SchedulerConfig of(JsonNode json) {
    for (String key : Set.of("clip_sample", "thresholding", "rescale_betas_zero_snr")) {
      if (json.path(key).asBoolean(false)) {
        throw new DiffusionException(key + ": true is not supported (expected: false)");
      }
    }
    if (json.hasNonNull("trained_betas")) {
      throw new DiffusionException("trained_betas is not supported (expected: null)");
    }
    return new SchedulerConfig(
        json.path("num_train_timesteps").asInt(1000),
        json.path("beta_start").asDouble(0.0001),
        json.path("beta_end").asDouble(0.02),
        json.path("beta_schedule").asText("linear"),
        PredictionType.of(json.path("prediction_type").asText("epsilon")),
        json.path("steps_offset").asInt(0),
        json.path("set_alpha_to_one").asBoolean(true),
        json.path("timestep_spacing").asText("leading"),
        json.path("timestep_scaling").asDouble(10),
        json.path("original_inference_steps").asInt(50));
  }

  /** The same schedule for another prediction. */
  public SchedulerConfig withPredictionType(PredictionType type) {
    return new SchedulerConfig(
        trainTimesteps,
        betaStart,
        betaEnd,
        betaSchedule,
        type,
        stepsOffset,
        setAlphaToOne,
        timestepSpacing,
        timestepScaling,
        originalInferenceSteps);
  }
}
