package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * Distances between the student's and the target's prediction; means over all entries, in float32.
 *
 * <p>Source: {@code huber_loss} and the l2 branch of the official train_lcm_distill_sd_wds.py.
 */
public final class ConsistencyLoss {

  private static final TorchFunction HUBER =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor, c: float) -> Tensor:
            d = torch.to(a, 6) - torch.to(b, 6)
            return torch.mean(torch.sqrt(torch.pow(d, 2) + c * c) - c)
          """);

  private static final TorchFunction L2 =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return torch.mse_loss(torch.to(a, 6), torch.to(b, 6))
          """);

  private ConsistencyLoss() {}

  /**
   * Pseudo-Huber {@code mean(sqrt((a - b)^2 + c^2) - c)}.
   *
   * @param prediction recorded
   * @param target the shape of prediction, float32 or float64
   * @return a scalar, float32
   */
  public static NDArray huber(Scope scope, NDArray prediction, NDArray target, double c) {
    return HUBER.call(scope, prediction, target, c);
  }

  /** Mean squared error; parameters as in {@link #huber}. */
  public static NDArray l2(Scope scope, NDArray prediction, NDArray target) {
    return L2.call(scope, prediction, target);
  }
}
