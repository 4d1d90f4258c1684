package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.diffusion.DdimSampler;
import io.rglcd.diffusion.LcmSampler;
import io.rglcd.diffusion.NoisePredictor;
import io.rglcd.diffusion.SamplingObserver;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.random.CounterRandom;
import io.rglcd.tensor.random.Purpose;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Makes latents and pictures for captions, by the teacher's DDIM or a student's few steps. */
public final class ImageSampler {

  private static final TorchFunction TO_UNIT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.clamp(x / 2 + 0.5, 0, 1)
          """);

  private static final TorchFunction DIVIDE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, divisor: float) -> Tensor:
            return torch.div(x, divisor)
          """);

  private final FrozenModels models;

  /** A sampler with a teacher's text encoder, schedule and VAE. */
  public ImageSampler(FrozenModels models) {
    this.models = models;
  }

  /**
   * Initial noise of pictures numbered from {@code first}: the same picture of the same seed has
   * the same noise, whatever it is sampled with.
   *
   * @param size side of the latents
   * @return [count,4,size,size] float32
   */
  public NDArray noise(Scope scope, long seed, long first, int count, int size) {
    return normal(scope, seed, 0, first, count, size, Purpose.SAMPLING);
  }

  private NDArray normal(
      Scope scope, long seed, long step, long first, int count, int size, Purpose purpose) {
    int channels = models.unet().config().inChannels();
    int each = channels * size * size;
    float[] values = new float[count * each];
    CounterRandom random = CounterRandom.of(seed);
    for (int i = 0; i < count; i++) {
      random.at(step, first + i, purpose).fillNormal(values, i * each, each);
    }
    return scope.create(values, new Shape(count, channels, size, size));
  }

  /**
   * The teacher's pictures as latents.
   *
   * @param noise [B,4,H,W] float32
   * @param guidanceScale of classifier-free guidance
   * @return latents [B,4,H,W], multiplied by the scaling factor
   */
  public NDArray teacher(
      Scope scope, List<String> prompts, NDArray noise, int steps, double guidanceScale) {
    try (Scope inner = scope.child()) {
      List<String> both = new ArrayList<>(Collections.nCopies(prompts.size(), ""));
      both.addAll(prompts);
      NDArray text = models.promptEmbeds(inner, both);
      NoisePredictor predictor =
          (s, z, t) -> models.unet().forward(s, models.unetWeights(), z, t, text, null);
      DdimSampler sampler = new DdimSampler(models.schedule());
      return inner.keep(
          sampler.sample(inner, predictor, noise, steps, guidanceScale, SamplingObserver.NONE));
    }
  }

  /**
   * A student's pictures as latents.
   *
   * @param net the student's definition
   * @param weights its weights
   * @param noise [B,4,H,W] float32, of pictures numbered from {@code first} with that seed
   * @param w the guidance scale as training counts it (the pipeline's guidance_scale - 1)
   * @return latents [B,4,H,W], multiplied by the scaling factor
   */
  public NDArray student(
      Scope scope,
      UNet2DCondition net,
      Weights weights,
      List<String> prompts,
      NDArray noise,
      long seed,
      long first,
      int steps,
      double w) {
    try (Scope inner = scope.child()) {
      int count = prompts.size();
      int size = (int) noise.getShape().get(3);
      NDArray text = models.promptEmbeds(inner, prompts);
      NDArray guidance = LcmSampler.guidance(inner, w + 1, count, net.config().timeCondProjDim());
      List<NDArray> stepNoise = new ArrayList<>();
      for (int i = 1; i < steps; i++) {
        stepNoise.add(normal(inner, seed, i, first, count, size, Purpose.SAMPLING_STEP));
      }
      NoisePredictor predictor = (s, z, t) -> net.forward(s, weights, z, t, text, guidance);
      LcmSampler sampler = new LcmSampler(models.schedule());
      return inner.keep(
          sampler.sample(inner, predictor, noise, stepNoise, steps, SamplingObserver.NONE));
    }
  }

  /**
   * Decodes to pictures.
   *
   * @param latents [B,4,H,W], multiplied by the scaling factor
   * @return [B,3,fH,fW] float32 in [0,1]
   */
  public NDArray decode(Scope scope, NDArray latents) {
    try (Scope inner = scope.child()) {
      NDArray unscaled = DIVIDE.call(inner, latents, models.scalingFactor());
      return inner.keep(TO_UNIT.call(inner, models.decode(inner, unscaled)));
    }
  }
}
