package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * One half of the autoencoder: diffusers' {@code Encoder} (levels, then the mid block) or {@code
 * Decoder} (mid block, then levels), each between a first and a last convolution.
 */
final class AutoencoderBlocks {

  private static final double EPS = 1e-6;

  private static final TorchFunction CONV =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
            return torch.conv2d(x, w, b, [1, 1], [1, 1])
          """);

  /** The resnets of a level and, unless 0, the channels of the resampling after them. */
  private record Level(List<ResnetBlock> resnets, int resampled) {}

  private final boolean encodes;
  private final int in;
  private final int out;
  private final int first;
  private final int last;
  private final int deepest;
  private final List<Level> levels = new ArrayList<>();
  private final List<ResnetBlock> mid;
  private final SpatialAttention attention;
  private final TorchFunction head;

  private AutoencoderBlocks(
      boolean encodes, int in, int out, List<Integer> channels, int layers, int groups) {
    this.encodes = encodes;
    this.in = in;
    this.out = out;
    this.first = channels.get(0);
    this.last = channels.get(channels.size() - 1);
    this.deepest = encodes ? last : first;
    int width = first;
    for (int i = 0; i < channels.size(); i++) {
      List<ResnetBlock> resnets = new ArrayList<>();
      for (int j = 0; j < layers; j++) {
        resnets.add(resnet(width, channels.get(i), groups));
        width = channels.get(i);
      }
      levels.add(new Level(resnets, i == channels.size() - 1 ? 0 : width));
    }
    this.mid = List.of(resnet(deepest, deepest, groups), resnet(deepest, deepest, groups));
    this.attention = new SpatialAttention(deepest, groups, EPS);
    this.head =
        TorchFunction.of(
            String.format(
                Locale.ROOT,
                """
                def forward(self, x: Tensor, w: List[Tensor]) -> Tensor:
                  h = torch.silu(torch.group_norm(x, %d, w[0], w[1], %s))
                  return torch.conv2d(h, w[2], w[3], [1, 1], [1, 1])
                """,
                groups,
                EPS));
  }

  /** Image to twice the latent channels. */
  static AutoencoderBlocks encoder(AutoencoderKlConfig config) {
    return new AutoencoderBlocks(
        true,
        config.inChannels(),
        2 * config.latentChannels(),
        config.blockOutChannels(),
        config.layersPerBlock(),
        config.groups());
  }

  /** Latents to image. */
  static AutoencoderBlocks decoder(AutoencoderKlConfig config) {
    List<Integer> fromDeepest = new ArrayList<>(config.blockOutChannels());
    Collections.reverse(fromDeepest);
    return new AutoencoderBlocks(
        false,
        config.latentChannels(),
        config.outChannels(),
        fromDeepest,
        config.layersPerBlock() + 1,
        config.groups());
  }

  private static ResnetBlock resnet(int in, int out, int groups) {
    return new ResnetBlock(in, out, 0, groups, EPS);
  }

  private String levelName() {
    return encodes ? "down_blocks" : "up_blocks";
  }

  private String samplerName() {
    return encodes ? "downsamplers.0.conv" : "upsamplers.0.conv";
  }

  void declare(Parameters p) {
    p.conv("conv_in", in, first, 3);
    for (int i = 0; i < levels.size(); i++) {
      Parameters level = p.at(levelName(), i);
      List<ResnetBlock> resnets = levels.get(i).resnets();
      for (int j = 0; j < resnets.size(); j++) {
        resnets.get(j).declare(level.at("resnets", j));
      }
      int resampled = levels.get(i).resampled();
      if (resampled > 0) {
        level.conv(samplerName(), resampled, resampled, 3);
      }
    }
    Parameters middle = p.at("mid_block");
    attention.declare(middle.at("attentions", 0));
    mid.get(0).declare(middle.at("resnets", 0));
    mid.get(1).declare(middle.at("resnets", 1));
    p.norm("conv_norm_out", last);
    p.conv("conv_out", last, out, 3);
  }

  /** Applies this half: [B,in,H,W] to [B,out,H',W']. */
  NDArray forward(Scope scope, Weights weights, NDArray x) {
    try (Scope inner = scope.child()) {
      Weights convIn = weights.at("conv_in");
      NDArray h = CONV.call(inner, x, convIn.get("weight"), convIn.get("bias"));
      if (!encodes) {
        h = middle(inner, weights.at("mid_block"), h);
      }
      for (int i = 0; i < levels.size(); i++) {
        h = level(inner, weights.at(levelName(), i), levels.get(i), h);
      }
      if (encodes) {
        h = middle(inner, weights.at("mid_block"), h);
      }
      List<NDArray> w =
          weights.list(
              "conv_norm_out.weight", "conv_norm_out.bias", "conv_out.weight", "conv_out.bias");
      return inner.keep(head.call(inner, h, w));
    }
  }

  private NDArray level(Scope scope, Weights weights, Level level, NDArray x) {
    NDArray h = x;
    for (int i = 0; i < level.resnets().size(); i++) {
      h = resnet(scope, weights.at("resnets", i), level.resnets().get(i), h);
    }
    if (level.resampled() == 0) {
      return h;
    }
    Weights conv = weights.at(samplerName());
    try (Scope inner = scope.child()) {
      inner.adopt(h);
      Shape shape = h.getShape();
      return inner.keep(
          encodes
              ? Resampling.down(inner, conv, h, 0)
              : Resampling.up(inner, conv, h, 2 * shape.get(2), 2 * shape.get(3)));
    }
  }

  private NDArray middle(Scope scope, Weights weights, NDArray x) {
    NDArray h = resnet(scope, weights.at("resnets", 0), mid.get(0), x);
    try (Scope inner = scope.child()) {
      inner.adopt(h);
      h = inner.keep(attention.forward(inner, weights.at("attentions", 0), h));
    }
    return resnet(scope, weights.at("resnets", 1), mid.get(1), h);
  }

  /** Applies a resnet and lets go of its input: feature maps at full image size are large. */
  private static NDArray resnet(Scope scope, Weights weights, ResnetBlock resnet, NDArray x) {
    try (Scope inner = scope.child()) {
      inner.adopt(x);
      return inner.keep(resnet.forward(inner, weights, List.of(x), List.of()));
    }
  }
}
