package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import io.rglcd.distill.LossType;
import io.rglcd.distill.RgLcdOptions;

/**
 * Section {@code objective}.
 *
 * @param wMin lower end of the guidance scale
 * @param wMax upper end of it
 * @param numDdimTimesteps points of the solver's grid
 * @param lossType huber or l2
 * @param huberC c of the pseudo-Huber loss
 * @param unetTimeCondProjDim width of the guidance embedding
 * @param timestepScalingFactor of the boundary condition
 */
public record ObjectiveConfig(
    double wMin,
    double wMax,
    int numDdimTimesteps,
    String lossType,
    double huberC,
    int unetTimeCondProjDim,
    double timestepScalingFactor) {

  /** Checks the values. */
  public ObjectiveConfig {
    require(wMax >= wMin, "objective.w-max", wMax, ">= objective.w-min, " + wMin);
    require(
        numDdimTimesteps >= 1 && numDdimTimesteps <= 1000,
        "objective.num-ddim-timesteps",
        numDdimTimesteps,
        "1 to 1000");
    require(
        "huber".equals(lossType) || "l2".equals(lossType),
        "objective.loss-type",
        lossType,
        "huber or l2");
    require(huberC > 0, "objective.huber-c", huberC, "> 0");
    require(
        unetTimeCondProjDim >= 2, "objective.unet-time-cond-proj-dim", unetTimeCondProjDim, ">= 2");
    require(
        timestepScalingFactor > 0,
        "objective.timestep-scaling-factor",
        timestepScalingFactor,
        "> 0");
  }

  static ObjectiveConfig of(KeyReader keys) {
    return new ObjectiveConfig(
        keys.number("objective.w-min"),
        keys.number("objective.w-max"),
        keys.integer("objective.num-ddim-timesteps"),
        keys.text("objective.loss-type"),
        keys.number("objective.huber-c"),
        keys.integer("objective.unet-time-cond-proj-dim"),
        keys.number("objective.timestep-scaling-factor"));
  }

  /** For the learner, with the reward's weight. */
  public RgLcdOptions options(RewardConfig reward) {
    return new RgLcdOptions(
        numDdimTimesteps,
        wMin,
        wMax,
        timestepScalingFactor,
        LossType.of(lossType),
        huberC,
        reward.beta());
  }
}
