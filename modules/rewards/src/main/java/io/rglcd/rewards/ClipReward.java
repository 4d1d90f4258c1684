package io.rglcd.rewards;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.models.OpenClip;
import io.rglcd.models.OpenClipConfig;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.models.tokenizer.TokenConvention;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * The cosine between an image's and its caption's CLIP features, without the logit scale.
 *
 * <p>Source: {@code get_clip_score_fn} of the official reward_fn.py with an open_clip network.
 */
public final class ClipReward implements RewardModel, AutoCloseable {

  /** Of the longest features, 1280 floats, these are 20 MB. */
  private static final int KEPT_CAPTIONS = 4096;

  private static final TorchFunction COSINE =
      TorchFunction.of(
          """
          def forward(self, image: Tensor, text: Tensor) -> Tensor:
            i = image / torch.clamp_min(torch.norm(image, 2, [-1], True), 1e-12)
            t = text / torch.clamp_min(torch.norm(text, 2, [-1], True), 1e-12)
            return torch.sum(i * t, [-1])
          """);

  private static final TorchFunction LOGITS =
      TorchFunction.of(
          """
          def forward(self, cosine: Tensor, scale: Tensor) -> Tensor:
            return cosine * scale
          """);

  private final Scope scope;
  private final OpenClip clip;
  private final Weights weights;
  private final ChannelStatistics statistics;
  private final CaptionFeatures captionFeatures;

  private ClipReward(
      Scope scope,
      OpenClip clip,
      Weights weights,
      ClipTokenizer tokenizer,
      ChannelStatistics statistics) {
    this.scope = scope;
    this.clip = clip;
    this.weights = weights;
    this.statistics = statistics;
    this.captionFeatures =
        new CaptionFeatures(
            KEPT_CAPTIONS,
            (inner, caption) -> {
              long[] ids = tokenizer.encode(caption);
              NDArray tokens = inner.create(ids, new Shape(1, ids.length));
              return clip.textFeatures(inner, weights, tokens);
            });
  }

  /**
   * Loads config.json and model.safetensors of a directory and a tokenizer. Pictures are resized
   * without anti-aliasing and normalised by the configuration's mean and std, where it has them.
   *
   * @param directory of the open_clip network
   * @param tokenizerDirectory with vocab.json and merges.txt
   * @throws io.rglcd.models.ModelException naming what is missing
   */
  public static ClipReward load(Path directory, Path tokenizerDirectory, Device device) {
    Scope scope = Scope.open(device);
    try {
      OpenClip clip = OpenClip.of(OpenClipConfig.read(directory.resolve("config.json")));
      ClipTokenizer tokenizer =
          ClipTokenizer.load(tokenizerDirectory)
              .withConvention(TokenConvention.OPEN_CLIP)
              .withContextLength(clip.config().text().contextLength());
      ChannelStatistics statistics = ChannelStatistics.of(clip.config().toJson());
      return new ClipReward(scope, clip, clip.load(scope, directory), tokenizer, statistics);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  @Override
  public NDArray score(Scope into, NDArray images, List<String> captions) {
    if (captions.isEmpty() || images.getShape().get(0) != captions.size()) {
      throw new IllegalArgumentException(
          "captions: "
              + captions.size()
              + " for images of shape "
              + images.getShape()
              + " (expected: one caption an image, at least one)");
    }
    try (Scope inner = into.child()) {
      NDArray text = captionFeatures.of(inner, captions);
      return inner.keep(score(inner, clip, weights, statistics, images, text, false));
    }
  }

  /**
   * The score of given text features by OpenAI CLIP's mean and deviation; what {@link #score(Scope,
   * NDArray, List)} does after the text.
   *
   * @param images [B,3,H,W] float32 in [0,1]
   * @param text [B,D], not normalised
   * @param antialias whether the resize to the tower's size anti-aliases (torchvision 0.17 and
   *     later)
   * @return [B]
   */
  public static NDArray score(
      Scope scope,
      OpenClip clip,
      Weights weights,
      NDArray images,
      NDArray text,
      boolean antialias) {
    return score(scope, clip, weights, ChannelStatistics.CLIP, images, text, antialias);
  }

  private static NDArray score(
      Scope scope,
      OpenClip clip,
      Weights weights,
      ChannelStatistics statistics,
      NDArray images,
      NDArray text,
      boolean antialias) {
    try (Scope inner = scope.child()) {
      NDArray resized =
          ImagePreprocess.resize(inner, images, clip.config().vision().imageSize(), antialias);
      NDArray pixels = ImagePreprocess.normalize(inner, resized, statistics);
      NDArray features = clip.imageFeatures(inner, weights, pixels);
      return inner.keep(cosine(inner, features, text));
    }
  }

  /**
   * Row-wise cosine.
   *
   * @param image [B,D]
   * @param text [B,D]
   * @return [B]
   */
  public static NDArray cosine(Scope scope, NDArray image, NDArray text) {
    return COSINE.call(scope, image, text);
  }

  /**
   * Cosines as logits, the original's {@code return_logits}.
   *
   * @param cosine [B]
   * @param logitScale exp(logit_scale), a scalar
   * @return [B]
   */
  public static NDArray logits(Scope scope, NDArray cosine, NDArray logitScale) {
    return LOGITS.call(scope, cosine, logitScale);
  }

  @Override
  public void close() {
    scope.close();
  }
}
