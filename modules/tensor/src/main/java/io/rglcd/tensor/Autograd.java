package io.rglcd.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.function.Supplier;

/**
 * Automatic differentiation without DJL's process-wide {@code GradientCollector}: grad mode belongs
 * to the calling thread, and gradients are returned as values, so several workers can differentiate
 * at the same time in one JVM and nothing accumulates between calls.
 */
public final class Autograd {

  private static final TorchFunction GRADIENTS =
      TorchFunction.of(
          """
          def forward(self, output: Tensor, inputs: List[Tensor], vector: Tensor) -> List[Tensor]:
            vectors = annotate(List[Optional[Tensor]], [vector])
            found = torch.autograd.grad([output], inputs, vectors, None, False, True)
            result = annotate(List[Tensor], [])
            for i in range(torch.len(inputs)):
              g = found[i]
              if g is None:
                torch.append(result, torch.zeros_like(inputs[i]))
              else:
                torch.append(result, g)
            return result
          """);

  private static final TorchFunction LEAF =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.requires_grad_(torch.detach(x))
          """);

  private static final TorchFunction DETACH =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.detach(x)
          """);

  private Autograd() {}

  /** Runs with recording on for this thread, and restores the former mode. */
  public static <T> T recording(Supplier<T> body) {
    return withMode(true, body);
  }

  /** Runs with recording off for this thread, and restores the former mode. */
  public static <T> T noGrad(Supplier<T> body) {
    return withMode(false, body);
  }

  private static <T> T withMode(boolean on, Supplier<T> body) {
    Torch.prepareThread();
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(on);
    try {
      return body.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /** A new leaf that shares the data of {@code x} and records what is done with it. */
  public static NDArray leaf(Scope scope, NDArray x) {
    return recording(() -> LEAF.call(scope, x));
  }

  /** The same data, cut off from the recorded graph. */
  public static NDArray detach(Scope scope, NDArray x) {
    return DETACH.call(scope, x);
  }

  /**
   * The vector-Jacobian products {@code vector^T d output / d input}; frees the recorded graph.
   *
   * @param output any shape
   * @param inputs leaves, or tensors that output was computed from while recording
   * @param vector the shape of output; a scalar 1 for a loss
   * @return for each input a tensor of its shape; zeros where output does not depend on it
   */
  public static NDList gradients(
      Scope scope, NDArray output, List<NDArray> inputs, NDArray vector) {
    return noGrad(() -> GRADIENTS.callAll(scope, output, inputs, vector));
  }

  /** {@link #gradients} for one input. */
  public static NDArray gradient(Scope scope, NDArray output, NDArray input, NDArray vector) {
    return gradients(scope, output, List.of(input), vector).singletonOrThrow();
  }
}
