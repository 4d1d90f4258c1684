package io.rglcd.distill;

/**
 * Hyper-parameters of Algorithm 3 that shape the objective, under the official script's names.
 *
 * @param numDdimTimesteps N, points of the solver's grid; the skip k is train timesteps / N
 * @param wMin lower end of the guidance scale's uniform distribution
 * @param wMax upper end of it
 * @param timestepScaling scaling of the timestep in the boundary condition, 10 in the official code
 * @param lossType distance of the consistency loss
 * @param huberC c of the pseudo-Huber loss
 * @param rewardScale beta, weight of the mean reward; 0 trains without reward
 */
public record RgLcdOptions(
    int numDdimTimesteps,
    double wMin,
    double wMax,
    double timestepScaling,
    LossType lossType,
    double huberC,
    double rewardScale) {

  /** Refuses values outside their ranges. */
  public RgLcdOptions {
    require(numDdimTimesteps >= 1, "num ddim timesteps", numDdimTimesteps, ">= 1");
    require(wMax >= wMin, "w max", wMax, ">= w min, " + wMin);
    require(timestepScaling > 0, "timestep scaling factor", timestepScaling, "> 0");
    require(huberC > 0, "huber c", huberC, "> 0");
    require(rewardScale >= 0, "reward scale", rewardScale, ">= 0");
  }

  private static void require(boolean ok, String name, Number value, String expected) {
    if (!ok) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
