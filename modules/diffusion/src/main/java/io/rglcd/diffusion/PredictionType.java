package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a network predicts, and the conversions of it. With alpha and sigma the schedule's square
 * roots at the sample's timestep:
 *
 * <pre>
 *                 x_0                          noise
 * epsilon         (z - sigma e) / alpha        e
 * sample          x                            (z - alpha x) / sigma
 * v_prediction    alpha z - sigma v            alpha v + sigma z
 * </pre>
 *
 * <p>Source: {@code predicted_origin}, {@code predicted_noise} of the official common_utils.py.
 */
public enum PredictionType {
  /** The noise. */
  EPSILON("(z - s * o) / a", "o"),
  /** The sample itself. */
  SAMPLE("o", "(z - a * o) / s"),
  /** The velocity. */
  V_PREDICTION("a * z - s * o", "a * o + s * z");

  private final TorchFunction origin;
  private final TorchFunction noise;

  PredictionType(String origin, String noise) {
    this.origin = conversion(origin);
    this.noise = conversion(noise);
  }

  private static TorchFunction conversion(String expression) {
    return TorchFunction.of(
        """
        def forward(self, o: Tensor, z: Tensor, t: Tensor, alphas: Tensor, sigmas: Tensor) -> Tensor:
          a = torch.reshape(torch.gather(alphas, 0, t), [-1, 1, 1, 1])
          s = torch.reshape(torch.gather(sigmas, 0, t), [-1, 1, 1, 1])
          return EXPRESSION
        """
            .replace("EXPRESSION", expression));
  }

  /**
   * The predicted x_0; differentiable in the output.
   *
   * @param output the network's prediction [B,C,H,W]
   * @param timesteps [B] int64
   * @param sample z [B,C,H,W]; float64 gives float64
   */
  public NDArray predictedOrigin(
      Scope scope, NoiseSchedule schedule, NDArray output, NDArray timesteps, NDArray sample) {
    return origin.call(scope, output, sample, timesteps, schedule.alphas(), schedule.sigmas());
  }

  /** The predicted noise; parameters as in {@link #predictedOrigin}. */
  public NDArray predictedNoise(
      Scope scope, NoiseSchedule schedule, NDArray output, NDArray timesteps, NDArray sample) {
    return noise.call(scope, output, sample, timesteps, schedule.alphas(), schedule.sigmas());
  }

  /** Diffusers' name. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of that name in a scheduler's configuration.
   *
   * @throws DiffusionException listing the known names
   */
  public static PredictionType of(String name) {
    return Arrays.stream(values())
        .filter(type -> type.configName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DiffusionException(
                    "prediction_type: " + name + " (expected: epsilon, sample or v_prediction)"));
  }
}
