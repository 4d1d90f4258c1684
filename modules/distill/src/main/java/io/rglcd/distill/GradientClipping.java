package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.ArrayList;
import java.util.List;

/**
 * Clips a gradient to a maximum global L2 norm: the norm of the per-parameter norms, and the factor
 * {@code min(1, maxNorm / (norm + 1e-6))}.
 *
 * <p>Source: {@code torch.nn.utils.clip_grad_norm_}.
 */
public final class GradientClipping {

  private static final TorchFunction NORMS =
      TorchFunction.of(
          """
          def forward(self, parts: List[Tensor]) -> Tensor:
            return torch.stack(torch._foreach_norm(parts, 2))
          """);

  private static final TorchFunction CLIP =
      TorchFunction.of(
          """
          def forward(self, flat: Tensor, norms: Tensor, limit: float) -> Tensor:
            total = torch.linalg_vector_norm(norms, 2)
            factor = torch.clamp(torch.mul(torch.reciprocal(total + 1e-06), limit), None, 1.)
            torch.mul_(flat, factor)
            return total
          """);

  private GradientClipping() {}

  /**
   * L2 norm of each parameter's gradient.
   *
   * @param flat [P] float32
   * @return [number of parameters] in the layout's order
   */
  public static NDArray norms(Scope scope, ParameterLayout layout, NDArray flat) {
    try (Scope inner = scope.child()) {
      List<NDArray> parts = new ArrayList<>(layout.bind(inner, flat).all().values());
      return inner.keep(NORMS.call(inner, parts));
    }
  }

  /**
   * Scales the gradient in place where its norm is above the limit.
   *
   * @param flat [P] float32
   * @return the global norm before clipping
   */
  public static double clip(ParameterLayout layout, NDArray flat, double maxNorm) {
    try (Scope scope = Scope.open(flat.getDevice())) {
      NDArray norms = norms(scope, layout, flat);
      return CLIP.call(scope, flat, norms, maxNorm).toFloatArray()[0];
    }
  }
}
