package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Two normalised convolutions with a shortcut, as diffusers' {@code ResnetBlock2D}; with a time
 * embedding added in between in the UNet, without one in the VAE.
 */
final class ResnetBlock {

  private final int in;
  private final int out;
  private final int timeChannels;
  private final TorchFunction function;

  /**
   * Describes a block.
   *
   * @param timeChannels width of the time embedding; 0 for none
   */
  ResnetBlock(int in, int out, int timeChannels, int groups, double eps) {
    this.in = in;
    this.out = out;
    this.timeChannels = timeChannels;
    this.function = TorchFunction.of(source(groups, eps));
  }

  private String source(int groups, double eps) {
    int w = 4;
    StringBuilder text = new StringBuilder();
    text.append(
        "def forward(self, xs: List[Tensor], time: List[Tensor], w: List[Tensor]) -> Tensor:\n");
    text.append("  x = xs[0] if torch.len(xs) == 1 else torch.cat(xs, 1)\n");
    text.append(normConv("x", 0, groups, eps));
    if (timeChannels > 0) {
      text.append("  t = torch.linear(time[0], w[4], w[5])\n");
      text.append("  h = h + torch.unsqueeze(torch.unsqueeze(t, 2), 3)\n");
      w += 2;
    }
    text.append(normConv("h", w, groups, eps));
    if (in == out) {
      text.append("  return x + h\n");
    } else {
      text.append(String.format("  return torch.conv2d(x, w[%d], w[%d]) + h\n", w + 4, w + 5));
    }
    return text.toString();
  }

  private static String normConv(String x, int w, int groups, double eps) {
    return String.format(
        Locale.ROOT,
        "  h = torch.conv2d(torch.silu(torch.group_norm(%s, %d, w[%d], w[%d], %s)), w[%d], w[%d],"
            + " [1, 1], [1, 1])\n",
        x,
        groups,
        w,
        w + 1,
        eps,
        w + 2,
        w + 3);
  }

  void declare(Parameters p) {
    p.norm("norm1", in).conv("conv1", in, out, 3);
    if (timeChannels > 0) {
      p.linear("time_emb_proj", timeChannels, out);
    }
    p.norm("norm2", out).conv("conv2", out, out, 3);
    if (in != out) {
      p.conv("conv_shortcut", in, out, 1);
    }
  }

  /**
   * Applies the block.
   *
   * @param inputs tensors [B,C_i,H,W] that are joined along the channels
   * @param activatedTime SiLU of the time embedding [B,timeChannels]; absent in the VAE
   */
  NDArray forward(Scope scope, Weights weights, List<NDArray> inputs, List<NDArray> activatedTime) {
    List<NDArray> w =
        new ArrayList<>(weights.list("norm1.weight", "norm1.bias", "conv1.weight", "conv1.bias"));
    if (timeChannels > 0) {
      w.addAll(weights.list("time_emb_proj.weight", "time_emb_proj.bias"));
    }
    w.addAll(weights.list("norm2.weight", "norm2.bias", "conv2.weight", "conv2.bias"));
    if (in != out) {
      w.addAll(weights.list("conv_shortcut.weight", "conv_shortcut.bias"));
    }
    return function.call(scope, inputs, activatedTime, w);
  }
}
