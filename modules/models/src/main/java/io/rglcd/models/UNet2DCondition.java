package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * The conditional UNet of Stable Diffusion 1.x and 2.x: down blocks, a mid block and up blocks with
 * skips, time embedding (with an optional guidance embedding) and cross-attention to the text.
 *
 * <p>Source: diffusers 0.26.3 {@code UNet2DConditionModel} (AttnProcessor, no dropout).
 */
public final class UNet2DCondition {

  /**
   * Sinusoidal embedding of the timesteps, float32 whatever the network's type as in the original,
   * then two linear layers.
   */
  private static final String TIME =
      """
      def forward(self, t: Tensor, cond: List[Tensor], w: List[Tensor]) -> Tensor:
        exponent = torch.arange(HALF, dtype=6, device=w[0].device) * SCALE / (HALF - SHIFT)
        angle = torch.unsqueeze(torch.to(t, 6), 1) * torch.unsqueeze(torch.exp(exponent), 0)
        e = torch.cat([FIRST(angle), SECOND(angle)], 1)
        e = torch.type_as(e, w[0])
        if torch.len(cond) == 1:
          e = e + torch.linear(cond[0], w[4])
        return torch.linear(torch.silu(torch.linear(e, w[0], w[1])), w[2], w[3])
      """;

  private static final TorchFunction SILU =
      TorchFunction.of("def forward(self, x: Tensor) -> Tensor:\n  return torch.silu(x)\n");

  private static final TorchFunction CONV =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
            return torch.conv2d(x, w, b, [1, 1], [1, 1])
          """);

  private final UNet2DConditionConfig config;
  private final TorchFunction time;
  private final TorchFunction head;
  private final List<UNetStage> down = new ArrayList<>();
  private final List<UNetStage> up = new ArrayList<>();
  private final UNetStage mid;
  private final ParameterLayout layout;

  private UNet2DCondition(UNet2DConditionConfig config) {
    this.config = config;
    List<Integer> channels = config.blockOutChannels();
    int levels = channels.size();
    int timeChannels = 4 * channels.get(0);
    this.time = TorchFunction.of(timeSource(channels.get(0)));
    this.head =
        TorchFunction.of(
            String.format(
                Locale.ROOT,
                """
                def forward(self, x: Tensor, w: List[Tensor]) -> Tensor:
                  h = torch.silu(torch.group_norm(x, %d, w[0], w[1], %s))
                  return torch.conv2d(h, w[2], w[3], [1, 1], [1, 1])
                """,
                config.groups(),
                config.normEps()));
    for (int level = 0; level < levels; level++) {
      int in = channels.get(Math.max(0, level - 1));
      int out = channels.get(level);
      List<ResnetBlock> resnets = new ArrayList<>();
      for (int i = 0; i < config.layersPerBlock().get(level); i++) {
        resnets.add(resnet(i == 0 ? in : out, out, timeChannels));
      }
      boolean last = level == levels - 1;
      down.add(
          new UNetStage(
              resnets,
              transformers(config.downAttends().get(level) ? resnets.size() : 0, level),
              last ? 0 : out));
    }
    int deepest = channels.get(levels - 1);
    this.mid =
        new UNetStage(
            List.of(resnet(deepest, deepest, timeChannels), resnet(deepest, deepest, timeChannels)),
            transformers(1, levels - 1),
            0);
    int previous = deepest;
    for (int i = 0; i < levels; i++) {
      int level = levels - 1 - i;
      int out = channels.get(level);
      int shallower = channels.get(Math.max(0, level - 1));
      List<ResnetBlock> resnets = new ArrayList<>();
      int layers = config.layersPerBlock().get(level);
      for (int j = 0; j <= layers; j++) {
        int skip = j == layers ? shallower : out;
        resnets.add(resnet((j == 0 ? previous : out) + skip, out, timeChannels));
      }
      up.add(
          new UNetStage(
              resnets,
              transformers(config.upAttends().get(i) ? resnets.size() : 0, level),
              level == 0 ? 0 : out));
      previous = out;
    }
    this.layout = declare(timeChannels).layout();
  }

  /** Describes the network of that configuration. */
  public static UNet2DCondition of(UNet2DConditionConfig config) {
    return new UNet2DCondition(config);
  }

  private String timeSource(int width) {
    return TIME.replace("HALF", Integer.toString(width / 2))
        .replace("SCALE", Double.toString(-Math.log(10000)))
        .replace("SHIFT", Double.toString(config.freqShift()))
        .replace("FIRST", config.flipSinToCos() ? "torch.cos" : "torch.sin")
        .replace("SECOND", config.flipSinToCos() ? "torch.sin" : "torch.cos");
  }

  private ResnetBlock resnet(int in, int out, int timeChannels) {
    return new ResnetBlock(in, out, timeChannels, config.groups(), config.normEps());
  }

  private List<Transformer2D> transformers(int count, int level) {
    List<Transformer2D> transformers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      transformers.add(
          new Transformer2D(
              config.blockOutChannels().get(level),
              config.heads().get(level),
              config.crossAttentionDim().get(level),
              config.transformerLayers().get(level),
              config.linearProjection(),
              config.groups()));
    }
    return transformers;
  }

  private Parameters declare(int timeChannels) {
    int first = config.blockOutChannels().get(0);
    Parameters p = new Parameters();
    p.conv("conv_in", config.inChannels(), first, 3);
    p.linear("time_embedding.linear_1", first, timeChannels);
    if (config.timeCondProjDim() > 0) {
      p.matrix("time_embedding.cond_proj", config.timeCondProjDim(), first);
    }
    p.linear("time_embedding.linear_2", timeChannels, timeChannels);
    for (int i = 0; i < down.size(); i++) {
      down.get(i).declareDown(p.at("down_blocks", i));
    }
    for (int i = 0; i < up.size(); i++) {
      up.get(i).declareUp(p.at("up_blocks", i));
    }
    mid.declareDown(p.at("mid_block"));
    p.norm("conv_norm_out", first);
    p.conv("conv_out", first, config.outChannels(), 3);
    return p;
  }

  /**
   * Predicts.
   *
   * @param weights under this network's names
   * @param sample noisy latents [B,inChannels,H,W] float32
   * @param timesteps [B] int64
   * @param textBtd text states, D = crossAttentionDim
   * @param timestepCond guidance embedding [B,timeCondProjDim], or null for none
   * @return [B,outChannels,H,W]
   */
  public NDArray forward(
      Scope scope,
      Weights weights,
      NDArray sample,
      NDArray timesteps,
      NDArray textBtd,
      NDArray timestepCond) {
    try (Scope inner = scope.child()) {
      List<NDArray> activatedTime =
          List.of(SILU.call(inner, embedTime(inner, weights, timesteps, timestepCond)));
      Weights convIn = weights.at("conv_in");
      NDArray h = CONV.call(inner, sample, convIn.get("weight"), convIn.get("bias"));
      Deque<NDArray> skips = new ArrayDeque<>();
      skips.push(h);
      for (int i = 0; i < down.size(); i++) {
        Weights w = weights.at("down_blocks", i);
        h =
            down.get(i)
                .down(inner, w, h, activatedTime, textBtd, skips, config.downsamplePadding());
      }
      h = mid.through(inner, weights.at("mid_block"), h, activatedTime, textBtd);
      for (int i = 0; i < up.size(); i++) {
        h = up.get(i).up(inner, weights.at("up_blocks", i), h, activatedTime, textBtd, skips);
      }
      return inner.keep(
          head.call(
              inner,
              h,
              weights.list(
                  "conv_norm_out.weight",
                  "conv_norm_out.bias",
                  "conv_out.weight",
                  "conv_out.bias")));
    }
  }

  private NDArray embedTime(Scope scope, Weights weights, NDArray timesteps, NDArray cond) {
    Weights embedding = weights.at("time_embedding");
    List<NDArray> w =
        new ArrayList<>(
            embedding.list("linear_1.weight", "linear_1.bias", "linear_2.weight", "linear_2.bias"));
    if (cond != null) {
      w.add(embedding.get("cond_proj.weight"));
    }
    return time.call(scope, timesteps, cond == null ? List.of() : List.of(cond), w);
  }

  /** Names and shapes of the parameters, in the original's order. */
  public ParameterLayout layout() {
    return layout;
  }

  /** The configuration. */
  public UNet2DConditionConfig config() {
    return config;
  }
}
