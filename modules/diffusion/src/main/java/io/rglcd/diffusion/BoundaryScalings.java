package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * The scalings that make f(z, t) = c_skip z + c_out x_0 the identity at t = 0, with s = scaling * t
 * and sigma_data = 0.5: {@code c_skip = 0.25 / (s^2 + 0.25)}, {@code c_out = s / sqrt(s^2 + 0.25)}.
 *
 * <p>Source: {@code scalings_for_boundary_conditions} of the official common_utils.py.
 *
 * @param skip c_skip, [B] float32
 * @param out c_out, [B] float32
 */
public record BoundaryScalings(NDArray skip, NDArray out) {

  private static final TorchFunction SCALINGS =
      TorchFunction.of(
          """
          def forward(self, t: Tensor, scaling: float) -> List[Tensor]:
            s = torch.mul(t, scaling)
            d = torch.pow(s, 2) + 0.25
            return [torch.mul(torch.reciprocal(d), 0.25), s / torch.pow(d, 0.5)]
          """);

  /** The scalings at timesteps [B] int64. */
  public static BoundaryScalings at(Scope scope, NDArray timesteps, double scaling) {
    NDList scalings = SCALINGS.callAll(scope, timesteps, scaling);
    return new BoundaryScalings(scalings.get(0), scalings.get(1));
  }
}
