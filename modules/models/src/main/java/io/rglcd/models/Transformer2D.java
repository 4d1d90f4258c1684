package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Self-attention, cross-attention to the text and a gated feed-forward net over the positions of a
 * feature map, as diffusers' {@code Transformer2DModel} with {@code BasicTransformerBlock}s.
 */
final class Transformer2D {

  private static final String[] BLOCK_WEIGHTS = {
    "norm1.weight",
    "norm1.bias",
    "attn1.to_q.weight",
    "attn1.to_k.weight",
    "attn1.to_v.weight",
    "attn1.to_out.0.weight",
    "attn1.to_out.0.bias",
    "norm2.weight",
    "norm2.bias",
    "attn2.to_q.weight",
    "attn2.to_k.weight",
    "attn2.to_v.weight",
    "attn2.to_out.0.weight",
    "attn2.to_out.0.bias",
    "norm3.weight",
    "norm3.bias",
    "ff.net.0.proj.weight",
    "ff.net.0.proj.bias",
    "ff.net.2.weight",
    "ff.net.2.bias"
  };

  /**
   * Up to this many scores a head, attention is written out as in the original: the engine's fused
   * kernel has a faster but less exact exponential. Beyond, the scores would fill the memory.
   */
  private static final int SMALL_SCORES = 1 << 20;

  private static final String BLOCK =
      """
        n = torch.layer_norm(h, [C], w[W+0], w[W+1], 1e-05)
        q = torch.transpose(torch.view(torch.linear(n, w[W+2]), [b, -1, HEADS, D]), 1, 2)
        k = torch.transpose(torch.view(torch.linear(n, w[W+3]), [b, -1, HEADS, D]), 1, 2)
        v = torch.transpose(torch.view(torch.linear(n, w[W+4]), [b, -1, HEADS, D]), 1, 2)
        if torch.size(q, 2) * torch.size(k, 2) <= SMALL:
          s = torch.matmul(q, torch.transpose(k, 2, 3)) * SCALE
          a = torch.matmul(torch.softmax(s, -1), v)
        else:
          a = torch.scaled_dot_product_attention(q, k, v)
        a = torch.reshape(torch.transpose(a, 1, 2), [b, -1, C])
        h = torch.linear(a, w[W+5], w[W+6]) + h
        n = torch.layer_norm(h, [C], w[W+7], w[W+8], 1e-05)
        q = torch.transpose(torch.view(torch.linear(n, w[W+9]), [b, -1, HEADS, D]), 1, 2)
        k = torch.transpose(torch.view(torch.linear(text, w[W+10]), [b, -1, HEADS, D]), 1, 2)
        v = torch.transpose(torch.view(torch.linear(text, w[W+11]), [b, -1, HEADS, D]), 1, 2)
        if torch.size(q, 2) * torch.size(k, 2) <= SMALL:
          s = torch.matmul(q, torch.transpose(k, 2, 3)) * SCALE
          a = torch.matmul(torch.softmax(s, -1), v)
        else:
          a = torch.scaled_dot_product_attention(q, k, v)
        a = torch.reshape(torch.transpose(a, 1, 2), [b, -1, C])
        h = torch.linear(a, w[W+12], w[W+13]) + h
        n = torch.layer_norm(h, [C], w[W+14], w[W+15], 1e-05)
        f = torch.chunk(torch.linear(n, w[W+16], w[W+17]), 2, -1)
        h = torch.linear(f[0] * torch.gelu(f[1]), w[W+18], w[W+19]) + h
      """;

  private final int channels;
  private final int textWidth;
  private final int layers;
  private final boolean linearProjection;
  private final TorchFunction function;

  Transformer2D(
      int channels, int heads, int textWidth, int layers, boolean linearProjection, int groups) {
    this.channels = channels;
    this.textWidth = textWidth;
    this.layers = layers;
    this.linearProjection = linearProjection;
    this.function = TorchFunction.of(source(heads, groups));
  }

  private String source(int heads, int groups) {
    StringBuilder text =
        new StringBuilder(
            """
            def forward(self, x: Tensor, text: Tensor, w: List[Tensor]) -> Tensor:
              b = torch.size(x, 0)
              height = torch.size(x, 2)
              width = torch.size(x, 3)
              g = torch.reshape(x, [b, GROUPS, -1])
              g = torch.layer_norm(g, [torch.size(g, 2)], None, None, 1e-06)
              h = torch.addcmul(torch.view(w[1], [1, -1, 1, 1]), torch.reshape(g, torch.size(x)), torch.view(w[0], [1, -1, 1, 1]))
            """);
    String flatten =
        "  h = torch.reshape(torch.permute(h, [0, 2, 3, 1]), [b, height * width, C])\n";
    String restore = "  h = torch.permute(torch.reshape(h, [b, height, width, C]), [0, 3, 1, 2])\n";
    text.append(
        linearProjection
            ? flatten + "  h = torch.linear(h, w[2], w[3])\n"
            : "  h = torch.conv2d(h, w[2], w[3])\n" + flatten);
    for (int i = 0; i < layers; i++) {
      text.append(BLOCK.replace("W+", 4 + i * BLOCK_WEIGHTS.length + "+"));
    }
    int w = 4 + layers * BLOCK_WEIGHTS.length;
    String projOut = "w[" + w + "], w[" + (w + 1) + "]";
    text.append(
        linearProjection
            ? "  h = torch.linear(h, " + projOut + ")\n" + restore
            : restore + "  h = torch.conv2d(h, " + projOut + ")\n");
    text.append("  return x + h\n");
    return text.toString()
        .replace("GROUPS", Integer.toString(groups))
        .replace("HEADS", Integer.toString(heads))
        .replace("SMALL", Integer.toString(SMALL_SCORES))
        .replace("SCALE", Double.toString(1 / Math.sqrt((double) channels / heads)))
        .replace(", D]", ", " + channels / heads + "]")
        .replace("C]", channels + "]");
  }

  void declare(Parameters p) {
    p.norm("norm", channels);
    projection(p, "proj_in");
    for (int i = 0; i < layers; i++) {
      Parameters block = p.at("transformer_blocks", i);
      block.norm("norm1", channels);
      attention(block.at("attn1"), channels);
      block.norm("norm2", channels);
      attention(block.at("attn2"), textWidth);
      block.norm("norm3", channels);
      block.linear("ff.net.0.proj", channels, 8L * channels);
      block.linear("ff.net.2", 4L * channels, channels);
    }
    projection(p, "proj_out");
  }

  private void projection(Parameters p, String name) {
    if (linearProjection) {
      p.linear(name, channels, channels);
    } else {
      p.conv(name, channels, channels, 1);
    }
  }

  private void attention(Parameters p, int contextWidth) {
    p.matrix("to_q", channels, channels)
        .matrix("to_k", contextWidth, channels)
        .matrix("to_v", contextWidth, channels)
        .linear("to_out.0", channels, channels);
  }

  /**
   * Applies the transformer.
   *
   * @param x [B,C,H,W]
   * @param textBtd text states
   */
  NDArray forward(Scope scope, Weights weights, NDArray x, NDArray textBtd) {
    List<NDArray> w =
        new ArrayList<>(weights.list("norm.weight", "norm.bias", "proj_in.weight", "proj_in.bias"));
    for (int i = 0; i < layers; i++) {
      w.addAll(weights.at("transformer_blocks", i).list(BLOCK_WEIGHTS));
    }
    w.addAll(weights.list("proj_out.weight", "proj_out.bias"));
    return function.call(scope, x, textBtd, w);
  }
}
