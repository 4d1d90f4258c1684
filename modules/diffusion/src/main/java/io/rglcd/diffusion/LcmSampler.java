package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.Arrays;
import java.util.List;

/**
 * Multistep latent consistency sampling (Algorithms 1 and 2): evaluate the consistency function,
 * then add fresh noise of the next, smaller timestep.
 *
 * <p>Source: diffusers 0.26.3 {@code LCMScheduler} as {@code LatentConsistencyModelPipeline} drives
 * it.
 */
public final class LcmSampler {

  private static final TorchFunction DENOISE =
      TorchFunction.of(
          """
          def forward(self, skip: Tensor, z: Tensor, out: Tensor, x0: Tensor) -> Tensor:
            return (torch.reshape(out, [-1, 1, 1, 1]) * x0
                    + torch.reshape(skip, [-1, 1, 1, 1]) * z)
          """);

  private final NoiseSchedule schedule;

  /** A sampler over that schedule. */
  public LcmSampler(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  /**
   * The embedding of a guidance scale for a batch: of scale - 1, since the pipeline counts guidance
   * from 1 where training counts from 0.
   *
   * @param scale the pipeline's guidance_scale
   * @return [batch,dim] float32
   */
  public static NDArray guidance(Scope scope, double scale, int batch, int dim) {
    float[] w = new float[batch];
    Arrays.fill(w, (float) (scale - 1));
    try (Scope inner = scope.child()) {
      return inner.keep(GuidanceEmbedding.embed(inner, inner.create(w), dim));
    }
  }

  /**
   * Samples.
   *
   * @param predictor the student with text and guidance bound
   * @param initialNoise [B,4,H,W] float32
   * @param stepNoise noise after each step but the last, each the shape of initialNoise
   * @param steps number of evaluations
   * @return latents [B,4,H,W], multiplied by the VAE's scaling factor
   */
  public NDArray sample(
      Scope scope,
      NoisePredictor predictor,
      NDArray initialNoise,
      List<NDArray> stepNoise,
      int steps,
      SamplingObserver observer) {
    long[] timesteps = Timesteps.lcm(schedule.config(), steps);
    if (stepNoise.size() < steps - 1) {
      throw new DiffusionException(
          "step noise: " + stepNoise.size() + " tensors (expected: " + (steps - 1) + ")");
    }
    NDArray latents = initialNoise;
    for (int i = 0; i < steps; i++) {
      NDArray noise = i + 1 < steps ? stepNoise.get(i) : null;
      long next = i + 1 < steps ? timesteps[i + 1] : 0;
      try (Scope inner = scope.child()) {
        NDArray result = step(inner, predictor, latents, timesteps[i], next, noise, i, observer);
        if (i > 0) {
          inner.adopt(latents);
        }
        latents = inner.keep(result);
      }
    }
    return latents;
  }

  private NDArray step(
      Scope scope,
      NoisePredictor predictor,
      NDArray z,
      long timestep,
      long next,
      NDArray noise,
      int index,
      SamplingObserver observer) {
    SchedulerConfig config = schedule.config();
    int batch = (int) z.getShape().get(0);
    NDArray t = scope.create(repeat(timestep, batch));
    NDArray output = predictor.predict(scope, z, t);
    NDArray x0 = config.predictionType().predictedOrigin(scope, schedule, output, t, z);
    BoundaryScalings scalings = BoundaryScalings.at(scope, t, config.timestepScaling());
    NDArray denoised = DENOISE.call(scope, scalings.skip(), z, scalings.out(), x0);
    NDArray latents = denoised;
    if (noise != null) {
      NDArray nextT = scope.create(repeat(next, batch));
      latents = schedule.addNoise(scope, denoised, noise, nextT);
    }
    observer.afterStep(index, output, denoised, latents);
    return latents;
  }

  static long[] repeat(long value, int count) {
    long[] values = new long[count];
    Arrays.fill(values, value);
    return values;
  }
}
