package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * The diagonal normal distribution of an image's latents, as diffusers' {@code
 * DiagonalGaussianDistribution}.
 *
 * @param mean [B,C,h,w]
 * @param logvar logarithm of the variance, within [-30, 20]
 */
public record Posterior(NDArray mean, NDArray logvar) {

  private static final TorchFunction OF_MOMENTS =
      TorchFunction.of(
          """
          def forward(self, moments: Tensor) -> Tuple[Tensor, Tensor]:
            m = torch.chunk(moments, 2, 1)
            return (m[0], torch.clamp(m[1], -30., 20.))
          """);

  private static final TorchFunction SAMPLE =
      TorchFunction.of(
          """
          def forward(self, mean: Tensor, logvar: Tensor, noise: Tensor) -> Tensor:
            return mean + torch.exp(0.5 * logvar) * noise
          """);

  /**
   * The distribution of which an encoder gave the moments.
   *
   * @param scope owns the result
   * @param moments [B,2C,h,w]: means, then log-variances, which are clamped to [-30, 20]
   */
  public static Posterior ofMoments(Scope scope, NDArray moments) {
    NDList parts = OF_MOMENTS.callAll(scope, moments);
    return new Posterior(parts.get(0), parts.get(1));
  }

  /**
   * The latents that belong to a standard normal draw; not yet multiplied by the scaling factor.
   *
   * @param scope owns the result
   * @param noise the shape of mean
   */
  public NDArray sample(Scope scope, NDArray noise) {
    return SAMPLE.call(scope, mean, logvar, noise);
  }
}
