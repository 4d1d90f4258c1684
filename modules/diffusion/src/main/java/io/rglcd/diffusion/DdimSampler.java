package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * DDIM sampling (eta 0) with classifier-free guidance {@code uncond + scale (cond - uncond)}: how
 * the teacher makes pictures.
 *
 * <p>Source: diffusers 0.26.3 {@code DDIMScheduler.step} as {@code StableDiffusionPipeline} drives
 * it.
 */
public final class DdimSampler {

  private static final TorchFunction TWICE =
      TorchFunction.of(
          """
          def forward(self, z: Tensor) -> Tensor:
            return torch.cat([z, z])
          """);

  private static final TorchFunction GUIDE =
      TorchFunction.of(
          """
          def forward(self, both: Tensor, scale: float) -> Tensor:
            halves = torch.chunk(both, 2)
            return halves[0] + scale * (halves[1] - halves[0])
          """);

  private static final TorchFunction STEP =
      TorchFunction.of(
          """
          def forward(self, x0: Tensor, noise: Tensor, prev: Tensor) -> Tensor:
            return torch.pow(prev, 0.5) * x0 + torch.pow(torch.rsub(prev, 1.), 0.5) * noise
          """);

  private final NoiseSchedule schedule;

  /** A sampler over that schedule. */
  public DdimSampler(NoiseSchedule schedule) {
    this.schedule = schedule;
  }

  /**
   * Samples.
   *
   * @param predictor the teacher; called on 2B latents, the first B without text, the second with
   * @param initialNoise [B,4,H,W] float32
   * @param steps number of steps
   * @param guidanceScale the pipeline's guidance_scale
   * @return latents [B,4,H,W], multiplied by the VAE's scaling factor
   */
  public NDArray sample(
      Scope scope,
      NoisePredictor predictor,
      NDArray initialNoise,
      int steps,
      double guidanceScale,
      SamplingObserver observer) {
    SchedulerConfig config = schedule.config();
    long[] timesteps = Timesteps.ddim(config, steps);
    int ratio = config.trainTimesteps() / steps;
    NDArray latents = initialNoise;
    for (int i = 0; i < steps; i++) {
      try (Scope inner = scope.child()) {
        int batch = (int) latents.getShape().get(0);
        NDArray t = inner.create(LcmSampler.repeat(timesteps[i], batch));
        NDArray t2 = inner.create(LcmSampler.repeat(timesteps[i], 2 * batch));
        NDArray both = predictor.predict(inner, TWICE.call(inner, latents), t2);
        NDArray output = GUIDE.call(inner, both, guidanceScale);
        PredictionType type = config.predictionType();
        NDArray x0 = type.predictedOrigin(inner, schedule, output, t, latents);
        NDArray noise = type.predictedNoise(inner, schedule, output, t, latents);
        NDArray alphaBefore = inner.create(alphaBefore((int) timesteps[i] - ratio));
        NDArray next = STEP.call(inner, x0, noise, alphaBefore);
        observer.afterStep(i, output, x0, next);
        if (i > 0) {
          inner.adopt(latents);
        }
        latents = inner.keep(next);
      }
    }
    return latents;
  }

  private float alphaBefore(int timestep) {
    if (timestep >= 0) {
      return schedule.alphaCumprod(timestep);
    }
    return schedule.config().setAlphaToOne() ? 1 : schedule.alphaCumprod(0);
  }
}
