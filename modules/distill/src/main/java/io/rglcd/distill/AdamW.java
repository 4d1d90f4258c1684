package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.util.List;

/**
 * AdamW with decoupled weight decay over one flat parameter vector, as {@code torch.optim.AdamW}:
 *
 * <pre>
 * p = p * (1 - lr * weightDecay)
 * m = beta1 * m + (1 - beta1) * g          v = beta2 * v + (1 - beta2) * g^2
 * p = p - lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>One fused kernel. Source: Loshchilov and Hutter 2019; {@code torch.optim.AdamW}.
 */
public final class AdamW {

  private static final TorchFunction STEP =
      TorchFunction.of(
          """
          def forward(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor],
                      t: List[Tensor], lr: float, beta1: float, beta2: float, decay: float,
                      eps: float) -> List[Tensor]:
            torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), t, lr=lr, beta1=beta1,
                                beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False,
                                maximize=False)
            return annotate(List[Tensor], [])
          """);

  /**
   * Hyper-parameters.
   *
   * @param beta1 decay of the first moment, in [0,1)
   * @param beta2 decay of the second moment, in [0,1)
   * @param eps added to the denominator, positive
   * @param weightDecay decoupled weight decay, not negative
   */
  public record Options(double beta1, double beta2, double eps, double weightDecay) {

    /** The paper's and the official script's defaults, without weight decay. */
    public static final Options DEFAULT = new Options(0.9, 0.999, 1e-8, 0);

    /** Refuses values outside their ranges. */
    public Options {
      requireUnit("adam beta1", beta1);
      requireUnit("adam beta2", beta2);
      if (!(eps > 0)) {
        throw new IllegalArgumentException("adam epsilon: " + eps + " (expected: > 0)");
      }
      if (!(weightDecay >= 0)) {
        throw new IllegalArgumentException(
            "adam weight decay: " + weightDecay + " (expected: >= 0)");
      }
    }

    private static void requireUnit(String name, double value) {
      if (!(value >= 0 && value < 1)) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: in [0, 1))");
      }
    }
  }

  private final Options options;
  private final NDArray firstMoment;
  private final NDArray secondMoment;

  /**
   * Zero moments for a vector of {@code size} parameters.
   *
   * @param scope owns the moments
   */
  public AdamW(Scope scope, Options options, long size) {
    this.options = options;
    this.firstMoment = scope.manager().zeros(new Shape(size));
    this.secondMoment = scope.manager().zeros(new Shape(size));
  }

  /**
   * Updates the parameters and the moments in place.
   *
   * @param parameters [P] float32
   * @param gradient [P] float32
   * @param updates which update this is, counted from 1
   * @param learningRate this update's rate
   */
  public void step(NDArray parameters, NDArray gradient, long updates, double learningRate) {
    try (Scope scope = Scope.open(parameters.getDevice())) {
      NDArray t = scope.create((float) updates);
      STEP.callAll(
          scope,
          List.of(parameters),
          List.of(gradient),
          List.of(firstMoment),
          List.of(secondMoment),
          List.of(t),
          learningRate,
          options.beta1(),
          options.beta2(),
          options.weightDecay(),
          options.eps());
    }
  }

  /** Running mean of gradients, [P] float32. */
  public NDArray firstMoment() {
    return firstMoment;
  }

  /** Running mean of squared gradients, [P] float32. */
  public NDArray secondMoment() {
    return secondMoment;
  }
}
