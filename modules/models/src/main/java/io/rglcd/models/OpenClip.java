package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.nio.file.Path;
import java.util.Set;

/**
 * CLIP as open_clip builds it ({@code CLIP}, {@code VisionTransformer}), under its state-dict
 * names. Differentiable with respect to the pixels and the weights.
 */
public final class OpenClip {

  private static final double EPS = 1e-5;

  private static final Set<String> BUFFERS =
      Set.of("attn_mask", "input_resolution", "context_length", "vocab_size");

  private static final TorchFunction MULTIPLY =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor) -> Tensor:
            return torch.matmul(x, w)
          """);

  private final OpenClipConfig config;
  private final ClipFunctions imageBlocks;
  private final ClipFunctions textBlocks;

  private OpenClip(OpenClipConfig config) {
    this.config = config;
    this.imageBlocks =
        ClipFunctions.openClip(
            ClipFunctions.Sight.ALL, config.vision().heads(), EPS, config.activation());
    this.textBlocks =
        ClipFunctions.openClip(
            ClipFunctions.Sight.CAUSAL, config.text().heads(), EPS, config.activation());
  }

  /** The network of that configuration. */
  public static OpenClip of(OpenClipConfig config) {
    return new OpenClip(config);
  }

  /** The configuration. */
  public OpenClipConfig config() {
    return config;
  }

  /** Names and shapes in the order in which the original registers them. */
  public ParameterLayout layout() {
    OpenClipConfig.Vision vision = config.vision();
    OpenClipConfig.Text text = config.text();
    long patches = (long) vision.imageSize() / vision.patchSize();
    Parameters p = new Parameters();
    p.tensor("positional_embedding", text.contextLength(), text.width())
        .tensor("text_projection", text.width(), config.embedDim())
        .tensor("logit_scale");
    Parameters image = p.at("visual");
    image
        .tensor("class_embedding", vision.width())
        .tensor("positional_embedding", patches * patches + 1, vision.width())
        .tensor("proj", vision.width(), config.embedDim())
        .tensor("conv1.weight", vision.width(), 3, vision.patchSize(), vision.patchSize())
        .norm("ln_pre", vision.width());
    registerBlocks(image, vision.layers(), vision.width(), vision.inner());
    image.norm("ln_post", vision.width());
    registerBlocks(p, text.layers(), text.width(), text.inner());
    p.tensor("token_embedding.weight", text.vocabSize(), text.width())
        .norm("ln_final", text.width());
    return p.layout();
  }

  private static void registerBlocks(Parameters p, int layers, int width, int inner) {
    for (int i = 0; i < layers; i++) {
      Parameters block = p.at("transformer.resblocks", i);
      block.norm("ln_1", width);
      block
          .at("attn")
          .tensor("in_proj_weight", 3L * width, width)
          .tensor("in_proj_bias", 3L * width)
          .linear("out_proj", width, width);
      block.norm("ln_2", width);
      block.at("mlp").linear("c_fc", width, inner).linear("c_proj", inner, width);
    }
  }

  /** Whether a checkpoint may hold that name although it is no parameter (a saved buffer). */
  public static boolean isIgnorable(String name) {
    return BUFFERS.contains(name);
  }

  /**
   * Loads the weights of this network.
   *
   * @param path as for {@link WeightFiles#load}
   */
  public Weights load(Scope scope, Path path) {
    return WeightFiles.load(scope, path, layout(), OpenClip::isIgnorable);
  }

  /**
   * The original's {@code encode_image}.
   *
   * @param pixelsBchw [B,3,S,S] float32, normalised by CLIP's mean and deviation
   * @return [B,embedDim], not normalised
   * @throws ModelException if S is not the tower's image size
   */
  public NDArray imageFeatures(Scope scope, Weights weights, NDArray pixelsBchw) {
    ClipFunctions.checkPixels(pixelsBchw, 3, config.vision().imageSize());
    Weights visual = weights.at("visual");
    try (Scope work = scope.child()) {
      NDArray x =
          ClipFunctions.embedPatches(
              work,
              pixelsBchw,
              visual.list(
                  "conv1.weight",
                  "class_embedding",
                  "positional_embedding",
                  "ln_pre.weight",
                  "ln_pre.bias"),
              EPS);
      Weights blocks = visual.at("transformer").at("resblocks");
      NDArray h = imageBlocks.run(work, blocks, config.vision().layers(), x, x);
      NDArray token = ClipFunctions.classToken(work, h, visual.at("ln_post"), EPS);
      return work.keep(MULTIPLY.call(work, token, visual.get("proj")));
    }
  }

  /**
   * The original's {@code encode_text}: pooled at the highest id, which is the end token.
   *
   * @param ids [B,T] int64
   * @return [B,embedDim], not normalised
   * @throws ModelException if T is longer than the context
   */
  public NDArray textFeatures(Scope scope, Weights weights, NDArray ids) {
    try (Scope work = scope.child()) {
      NDArray x =
          ClipFunctions.embedText(
              work,
              ids,
              weights.get("token_embedding.weight"),
              weights.get("positional_embedding"));
      Weights blocks = weights.at("transformer").at("resblocks");
      NDArray h = textBlocks.run(work, blocks, config.text().layers(), x, x);
      NDArray states = ClipFunctions.norm(work, h, weights.at("ln_final"), EPS);
      NDArray pooled = ClipFunctions.pool(work, states, ids, -1);
      return work.keep(MULTIPLY.call(work, pooled, weights.get("text_projection")));
    }
  }

  /** The factor of the cosine in a logit, {@code exp(logit_scale)}: a scalar. */
  public NDArray logitScale(Scope scope, Weights weights) {
    return ClipFunctions.exp(scope, weights.get("logit_scale"));
  }
}
