package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * Exponential moving average {@code target = decay * target + (1 - decay) * source}, in the two
 * roundings of the original.
 *
 * <p>Source: {@code update_ema} of the official code's common_utils.py.
 */
public final class Ema {

  private static final TorchFunction UPDATE =
      TorchFunction.of(
          """
          def forward(self, target: Tensor, source: Tensor, decay: float) -> List[Tensor]:
            torch.add_(torch.mul_(target, decay), source, alpha=1. - decay)
            return annotate(List[Tensor], [])
          """);

  private Ema() {}

  /**
   * Updates the target in place.
   *
   * @param target any shape, float32
   * @param source the shape of target
   * @param decay in [0,1]
   */
  public static void update(NDArray target, NDArray source, double decay) {
    try (Scope scope = Scope.open(target.getDevice())) {
      UPDATE.callAll(scope, target, source, decay);
    }
  }
}
