package io.rglcd.models;

import ai.djl.ndarray.NDArray;
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

  private static final TorchFunction SAMPLE =
      TorchFunction.of(
          """
          def forward(self, mean: Tensor, logvar: Tensor, noise: Tensor) -> Tensor:
            return mean + torch.exp(0.5 * logvar) * noise
          """);

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
