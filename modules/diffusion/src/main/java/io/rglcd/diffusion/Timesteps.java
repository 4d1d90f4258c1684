package io.rglcd.diffusion;

/** The timesteps that samplers visit, from noise to image. */
public final class Timesteps {

  private Timesteps() {}

  /**
   * The timesteps of {@code DDIMScheduler.set_timesteps}.
   *
   * @param steps 1 to the number of training timesteps
   * @throws DiffusionException if out of range, also through steps_offset
   */
  public static long[] ddim(SchedulerConfig config, int steps) {
    requireSteps(steps, config.trainTimesteps());
    int train = config.trainTimesteps();
    long[] timesteps = new long[steps];
    for (int i = 0; i < steps; i++) {
      timesteps[i] =
          switch (config.timestepSpacing()) {
            case "leading" -> (long) (steps - 1 - i) * (train / steps) + config.stepsOffset();
            case "trailing" -> (long) Math.rint(train - i * ((double) train / steps)) - 1;
            default ->
                (long) Math.rint(steps == 1 ? 0 : (steps - 1 - i) * ((train - 1.0) / (steps - 1)));
          };
    }
    if (timesteps[0] >= train) {
      throw new DiffusionException(
          "steps_offset: "
              + config.stepsOffset()
              + " with "
              + steps
              + " steps begins at timestep "
              + timesteps[0]
              + " (expected: below "
              + train
              + "; take fewer steps)");
    }
    return timesteps;
  }

  /**
   * The timesteps of {@code LCMScheduler.set_timesteps}: evenly spaced over the distillation's
   * grid.
   *
   * @param steps 1 to the grid's number of points
   * @throws DiffusionException if out of range
   */
  public static long[] lcm(SchedulerConfig config, int steps) {
    int points = config.originalInferenceSteps();
    if (points > config.trainTimesteps()) {
      throw new DiffusionException(
          "original_inference_steps: "
              + points
              + " (expected: at most the "
              + config.trainTimesteps()
              + " training timesteps)");
    }
    requireSteps(steps, points);
    long skip = config.trainTimesteps() / points;
    long[] timesteps = new long[steps];
    for (int i = 0; i < steps; i++) {
      int index = (int) Math.floor(i * ((double) points / steps));
      timesteps[i] = (points - index) * skip - 1;
    }
    return timesteps;
  }

  private static void requireSteps(int steps, int max) {
    if (steps < 1 || steps > max) {
      throw new DiffusionException("sampling steps: " + steps + " (expected: 1 to " + max + ")");
    }
  }
}
