package io.rglcd.models;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.nio.file.Path;

/**
 * CLIP as transformers builds it ({@code CLIPModel}), under its own names, as PickScore has it.
 * Differentiable with respect to the pixels and the weights.
 */
public final class HfClip {

  private final HfClipConfig config;
  private final ClipText text;
  private final ClipFunctions imageBlocks;

  private HfClip(HfClipConfig config) {
    HfClipConfig.Vision vision = config.vision();
    this.config = config;
    this.text = ClipText.of(config.text());
    this.imageBlocks =
        ClipFunctions.transformers(
            ClipFunctions.Sight.ALL, vision.heads(), vision.eps(), vision.activation());
  }

  /** The network of that configuration. */
  public static HfClip of(HfClipConfig config) {
    return new HfClip(config);
  }

  /** The configuration. */
  public HfClipConfig config() {
    return config;
  }

  /** Names and shapes in the order in which the original registers them. */
  public ParameterLayout layout() {
    HfClipConfig.Vision vision = config.vision();
    long patches = (long) vision.imageSize() / vision.patchSize();
    Parameters p = new Parameters();
    p.tensor("logit_scale");
    ClipText.register(p.at("text_model"), config.text());
    Parameters image = p.at("vision_model");
    image
        .at("embeddings")
        .tensor("class_embedding", vision.width())
        .tensor(
            "patch_embedding.weight",
            vision.width(),
            vision.channels(),
            vision.patchSize(),
            vision.patchSize())
        .tensor("position_embedding.weight", patches * patches + 1, vision.width());
    image.norm("pre_layrnorm", vision.width());
    ClipText.registerBlocks(image, vision.layers(), vision.width(), vision.inner());
    image.norm("post_layernorm", vision.width());
    p.matrix("visual_projection", vision.width(), config.projectionDim());
    p.matrix("text_projection", config.text().hiddenSize(), config.projectionDim());
    return p.layout();
  }

  /**
   * Loads the weights of this network.
   *
   * @param path as for {@link WeightFiles#load}
   */
  public Weights load(Scope scope, Path path) {
    return WeightFiles.load(scope, path, layout(), ClipText::isIgnorable);
  }

  /**
   * The original's {@code get_image_features}.
   *
   * @param pixelsBchw [B,channels,S,S] float32, normalised by CLIP's mean and deviation
   * @return [B,projectionDim], not normalised
   * @throws ModelException if S is not the tower's image size
   */
  public NDArray imageFeatures(Scope scope, Weights weights, NDArray pixelsBchw) {
    HfClipConfig.Vision vision = config.vision();
    ClipFunctions.checkPixels(pixelsBchw, vision.channels(), vision.imageSize());
    Weights model = weights.at("vision_model");
    try (Scope work = scope.child()) {
      NDArray x =
          ClipFunctions.embedPatches(
              work,
              pixelsBchw,
              model.list(
                  "embeddings.patch_embedding.weight",
                  "embeddings.class_embedding",
                  "embeddings.position_embedding.weight",
                  "pre_layrnorm.weight",
                  "pre_layrnorm.bias"),
              vision.eps());
      Weights layers = model.at("encoder").at("layers");
      NDArray h = imageBlocks.run(work, layers, vision.layers(), x, x);
      NDArray token = ClipFunctions.classToken(work, h, model.at("post_layernorm"), vision.eps());
      return work.keep(ClipFunctions.project(work, token, weights.get("visual_projection.weight")));
    }
  }

  /** {@link #textFeatures(Scope, Weights, NDArray, NDArray)} without an attention mask. */
  public NDArray textFeatures(Scope scope, Weights weights, NDArray ids) {
    return textFeatures(scope, weights, ids, null);
  }

  /**
   * The original's {@code get_text_features}.
   *
   * @param ids [B,T] int64
   * @param attentionMask [B,T] int64, 0 where a token is padding; null for none
   * @return [B,projectionDim], not normalised
   * @throws ModelException if T is longer than the context
   */
  public NDArray textFeatures(Scope scope, Weights weights, NDArray ids, NDArray attentionMask) {
    try (Scope work = scope.child()) {
      NDArray pooled = text.pooled(work, weights, ids, attentionMask);
      return work.keep(ClipFunctions.project(work, pooled, weights.get("text_projection.weight")));
    }
  }

  /** The factor of the cosine in a logit, {@code exp(logit_scale)}: a scalar. */
  public NDArray logitScale(Scope scope, Weights weights) {
    return ClipFunctions.exp(scope, weights.get("logit_scale"));
  }
}
