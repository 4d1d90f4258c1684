package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.Locale;

/**
 * Self-attention of one head over the positions of a feature map, as in the mid block of diffusers'
 * {@code AutoencoderKL} ({@code Attention} with group norm and residual connection).
 */
final class SpatialAttention {

  private static final String[] WEIGHTS = {
    "group_norm.weight",
    "group_norm.bias",
    "to_q.weight",
    "to_q.bias",
    "to_k.weight",
    "to_k.bias",
    "to_v.weight",
    "to_v.bias",
    "to_out.0.weight",
    "to_out.0.bias"
  };

  private final int channels;
  private final TorchFunction function;

  SpatialAttention(int channels, int groups, double eps) {
    this.channels = channels;
    this.function =
        TorchFunction.of(
            String.format(
                Locale.ROOT,
                """
                def forward(self, x: Tensor, w: List[Tensor]) -> Tensor:
                  n = torch.group_norm(torch.flatten(x, 2), %d, w[0], w[1], %s)
                  n = torch.unsqueeze(torch.transpose(n, 1, 2), 1)
                  q = torch.linear(n, w[2], w[3])
                  k = torch.linear(n, w[4], w[5])
                  v = torch.linear(n, w[6], w[7])
                  a = torch.squeeze(torch.scaled_dot_product_attention(q, k, v), 1)
                  a = torch.transpose(torch.linear(a, w[8], w[9]), 1, 2)
                  return x + torch.reshape(a, torch.size(x))
                """,
                groups,
                eps));
  }

  void declare(Parameters p) {
    p.norm("group_norm", channels)
        .linear("to_q", channels, channels)
        .linear("to_k", channels, channels)
        .linear("to_v", channels, channels)
        .linear("to_out.0", channels, channels);
  }

  /**
   * Applies the attention.
   *
   * @param x [B,C,H,W]
   */
  NDArray forward(Scope scope, Weights weights, NDArray x) {
    return function.call(scope, x, weights.list(WEIGHTS));
  }
}
