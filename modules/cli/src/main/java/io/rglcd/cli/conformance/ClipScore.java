package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.models.HfClip;
import io.rglcd.models.HfClipConfig;
import io.rglcd.models.OpenClip;
import io.rglcd.models.OpenClipConfig;
import io.rglcd.rewards.ChannelStatistics;
import io.rglcd.rewards.ClipReward;
import io.rglcd.rewards.ImagePreprocess;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;

/**
 * The CLIP score of the official {@code get_clip_score_fn} and {@code get_pick_score_fn} over token
 * ids instead of captions, with its steps in reach: resize, normalise, features, cosine.
 */
final class ClipScore {

  private static final TorchFunction UNIT =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return x / torch.clamp_min(torch.linalg_vector_norm(x, 2, [-1], True), 1e-12)
          """);

  private static final TorchFunction MULTIPLY =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return a * b
          """);

  private static final TorchFunction PAIRS =
      TorchFunction.of(
          """
          def forward(self, a: Tensor, b: Tensor, scale: Tensor) -> Tensor:
            return scale * torch.matmul(a, torch.t(b))
          """);

  /** Features of pixels or ids, not normalised. */
  private interface Tower {
    NDArray features(Scope scope, NDArray input);
  }

  /** The score of pictures in [0,1] for texts' features. */
  private interface Chain {
    NDArray score(Scope scope, NDArray images, NDArray textFeatures, boolean antialias);
  }

  private final Tower image;
  private final Tower text;
  private final Chain chain;
  private final NDArray logitScale;
  private final int size;

  private ClipScore(Tower image, Tower text, Chain chain, NDArray logitScale, int size) {
    this.image = image;
    this.text = text;
    this.chain = chain;
    this.logitScale = logitScale;
    this.size = size;
  }

  /** A CLIP in open_clip's layout; the scope owns its weights. */
  static ClipScore openClip(
      Scope scope, CaseDirectory directory, JsonNode config, String weightsFile) {
    OpenClip clip = OpenClip.of(OpenClipConfig.of(config));
    Weights weights = directory.weights(scope, weightsFile, clip.layout());
    return new ClipScore(
        (inner, pixels) -> clip.imageFeatures(inner, weights, pixels),
        (inner, ids) -> clip.textFeatures(inner, weights, ids),
        (inner, images, texts, antialias) ->
            ClipReward.score(inner, clip, weights, images, texts, antialias),
        clip.logitScale(scope, weights),
        clip.config().vision().imageSize());
  }

  /**
   * A CLIP in transformers' layout; the scope owns its weights.
   *
   * @param attentionMask for every text, [B,T] int64; null for none
   */
  static ClipScore transformers(
      Scope scope,
      CaseDirectory directory,
      JsonNode config,
      String weightsFile,
      NDArray attentionMask) {
    HfClip clip = HfClip.of(HfClipConfig.of(config));
    Weights weights = directory.weights(scope, weightsFile, clip.layout());
    int size = clip.config().vision().imageSize();
    Tower image = (inner, pixels) -> clip.imageFeatures(inner, weights, pixels);
    return new ClipScore(
        image,
        (inner, ids) -> clip.textFeatures(inner, weights, ids, attentionMask),
        (inner, images, texts, antialias) -> {
          NDArray resized = ImagePreprocess.resize(inner, images, size, antialias);
          NDArray pixels = ImagePreprocess.normalize(inner, resized, ChannelStatistics.CLIP);
          return ClipReward.cosine(inner, image.features(inner, pixels), texts);
        },
        clip.logitScale(scope, weights),
        size);
  }

  NDArray imageFeatures(Scope scope, NDArray pixels) {
    return image.features(scope, pixels);
  }

  NDArray textFeatures(Scope scope, NDArray ids) {
    return text.features(scope, ids);
  }

  /** Scaled to unit length. */
  NDArray unit(Scope scope, NDArray features) {
    return UNIT.call(scope, features);
  }

  /** exp(logit_scale) times the cosines of all images with all texts. */
  NDArray logitsPerImage(Scope scope, NDArray unitImages, NDArray unitTexts) {
    return PAIRS.call(scope, unitImages, unitTexts, logitScale);
  }

  /** Cosines as logits. */
  NDArray logits(Scope scope, NDArray cosines) {
    return MULTIPLY.call(scope, cosines, logitScale);
  }

  /** Pictures in [0,1] with their shorter edge at the tower's size. */
  NDArray resized(Scope scope, NDArray images, boolean antialias) {
    return ImagePreprocess.resize(scope, images, size, antialias);
  }

  /** Resized pictures by CLIP's mean and deviation. */
  NDArray normalized(Scope scope, NDArray resized) {
    return ImagePreprocess.normalize(scope, resized, ChannelStatistics.CLIP);
  }

  /** Cosine of normalised pixels and texts. */
  NDArray scorePixels(Scope scope, NDArray pixels, NDArray ids) {
    return ClipReward.cosine(scope, imageFeatures(scope, pixels), textFeatures(scope, ids));
  }

  /** The whole chain from pictures in [0,1]. */
  NDArray score(Scope scope, NDArray images, NDArray ids, boolean antialias) {
    return chain.score(scope, images, textFeatures(scope, ids), antialias);
  }
}
