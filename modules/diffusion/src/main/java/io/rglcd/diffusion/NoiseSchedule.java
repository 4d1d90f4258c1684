package io.rglcd.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.List;

/**
 * The tables of a noise schedule, computed in float32 as the original does.
 *
 * <p>Source: diffusers 0.26.3 {@code DDPMScheduler} and {@code betas_for_alpha_bar}. The tables
 * live as long as the schedule's scope, which is never closed: a few kilobytes a schedule.
 */
public final class NoiseSchedule {

  private static final TorchFunction LINEAR =
      TorchFunction.of(
          """
          def forward(self, start: float, end: float, steps: int) -> Tensor:
            return torch.linspace(start, end, steps, dtype=6, device=torch.device("cpu"))
          """);

  private static final TorchFunction SQUARE =
      TorchFunction.of("def forward(self, x: Tensor) -> Tensor:\n  return torch.pow(x, 2)\n");

  private static final TorchFunction CUMULATE =
      TorchFunction.of(
          """
          def forward(self, betas: Tensor) -> Tensor:
            return torch.cumprod(torch.rsub(betas, 1.), 0)
          """);

  private static final TorchFunction ROOT =
      TorchFunction.of("def forward(self, x: Tensor) -> Tensor:\n  return torch.sqrt(x)\n");

  private static final TorchFunction ROOT_OF_REST =
      TorchFunction.of(
          "def forward(self, x: Tensor) -> Tensor:\n  return torch.sqrt(torch.rsub(x, 1.))\n");

  private static final TorchFunction ADD_NOISE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, noise: Tensor, t: Tensor, alphas: Tensor,
                      sigmas: Tensor) -> Tensor:
            a = torch.reshape(torch.gather(alphas, 0, t), [-1, 1, 1, 1])
            s = torch.reshape(torch.gather(sigmas, 0, t), [-1, 1, 1, 1])
            return a * x + s * noise
          """);

  private final SchedulerConfig config;
  private final NDArray betas;
  private final NDArray alphasCumprod;
  private final NDArray alphas;
  private final NDArray sigmas;
  private final float[] alphasCumprodValues;

  /** Computed on the CPU, so that all devices read the same bits. */
  private NoiseSchedule(SchedulerConfig config, Scope scope) {
    this.config = config;
    try (Scope host = Scope.open(Device.cpu())) {
      NDArray steps = betas(host, config);
      NDArray products = CUMULATE.call(host, steps);
      this.betas = scope.here(steps);
      this.alphasCumprod = scope.here(products);
      this.alphas = scope.here(ROOT.call(host, products));
      this.sigmas = scope.here(ROOT_OF_REST.call(host, products));
      this.alphasCumprodValues = products.toFloatArray();
    }
  }

  /** The tables of that configuration on the CPU. */
  public static NoiseSchedule of(SchedulerConfig config) {
    return of(config, Device.cpu());
  }

  /** The tables of that configuration on a device. */
  public static NoiseSchedule of(SchedulerConfig config, Device device) {
    return new NoiseSchedule(config, Scope.open(device));
  }

  private static NDArray betas(Scope scope, SchedulerConfig config) {
    if (!config.trainedBetas().isEmpty()) {
      return scope.create(floats(config.trainedBetas()));
    }
    long n = config.trainTimesteps();
    return switch (config.betaSchedule()) {
      case "linear" -> LINEAR.call(scope, config.betaStart(), config.betaEnd(), n);
      case "scaled_linear" ->
          SQUARE.call(
              scope,
              LINEAR.call(scope, Math.sqrt(config.betaStart()), Math.sqrt(config.betaEnd()), n));
      default -> scope.create(squaredCosine((int) n));
    };
  }

  private static float[] floats(List<Double> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i).floatValue();
    }
    return values;
  }

  private static float[] squaredCosine(int n) {
    float[] betas = new float[n];
    for (int i = 0; i < n; i++) {
      double ratio = alphaBar((double) (i + 1) / n) / alphaBar((double) i / n);
      betas[i] = (float) Math.min(1 - ratio, 0.999);
    }
    return betas;
  }

  private static double alphaBar(double t) {
    double cosine = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
    return cosine * cosine;
  }

  /**
   * Noisy samples {@code alpha_t x + sigma_t noise}.
   *
   * @param x [B,C,H,W]
   * @param noise the shape of x
   * @param timesteps [B] int64
   */
  public NDArray addNoise(Scope scope, NDArray x, NDArray noise, NDArray timesteps) {
    return ADD_NOISE.call(scope, x, noise, timesteps, alphas, sigmas);
  }

  /** The configuration. */
  public SchedulerConfig config() {
    return config;
  }

  /** Betas, [N] float32. */
  public NDArray betas() {
    return betas;
  }

  /** Cumulative products of 1 - beta, [N] float32. */
  public NDArray alphasCumprod() {
    return alphasCumprod;
  }

  /** The cumulative product at one timestep. */
  public float alphaCumprod(int timestep) {
    return alphasCumprodValues[timestep];
  }

  /** Square roots of the cumulative products, [N] float32; the script's alpha_schedule. */
  public NDArray alphas() {
    return alphas;
  }

  /** Square roots of 1 - the cumulative products, [N] float32; the script's sigma_schedule. */
  public NDArray sigmas() {
    return sigmas;
  }
}
