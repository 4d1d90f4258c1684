package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;

/**
 * What open_clip's and transformers' CLIP cases have in common: features, scores and gradients of
 * normalised pixels, and the reward of pictures in [0,1].
 */
final class ClipCase {

  private static final Tolerance VALUE = new Tolerance(5e-6, 3e-5, 0);

  private static final TorchFunction ONES =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.ones_like(x)
          """);

  private final CaseDirectory directory;
  private final Comparison comparison;
  private final ClipScore clip;
  private final Tolerance tolerance;

  ClipCase(CaseDirectory directory, Comparison comparison, ClipScore clip) {
    this.directory = directory;
    this.comparison = comparison;
    this.clip = clip;
    this.tolerance = Tolerance.of(directory.json(), VALUE);
  }

  /** Features, cosines and logits of {@code in.pixel_values}, and gradients of their sums. */
  void comparePixels(Scope scope, String idsName) {
    NDArray pixels = Autograd.leaf(scope, directory.read(scope, "in.pixel_values"));
    NDArray ids = directory.read(scope, idsName);
    NDArray text = clip.textFeatures(scope, ids);
    NDArray unitText = clip.unit(scope, text);
    NDArray image = Autograd.recording(() -> clip.imageFeatures(scope, pixels));
    NDArray unitImage = clip.unit(scope, image);
    offer("out.image_features", image);
    offer("out.image_features_normalized", unitImage);
    offer("out.text_features", text);
    offer("out.text_features_normalized", unitText);
    offer("out.logits_per_image", clip.logitsPerImage(scope, unitImage, unitText));
    offerGradient(scope, "grad.image_features_sum.pixel_values", image, pixels);
    NDArray score = Autograd.recording(() -> clip.scorePixels(scope, pixels, ids));
    offer("out.score", score);
    offerGradient(scope, "grad.score_sum.pixel_values", score, pixels);
  }

  /** The reward of {@code in.images} under the given name, with and without antialias. */
  void compareReward(Scope scope, String idsName, String reward) {
    NDArray images = Autograd.leaf(scope, directory.read(scope, "in.images"));
    NDArray ids = directory.read(scope, idsName);
    NDArray score = Autograd.recording(() -> clip.score(scope, images, ids, false));
    offer("out." + reward, score);
    offer("out." + reward + "_logits", clip.logits(scope, score));
    offerGradient(scope, "grad." + reward + "_sum.images", score, images);
    offer("out." + reward + "_antialias", clip.score(scope, images, ids, true));
  }

  private void offer(String tensor, NDArray got) {
    comparison.offer(tensor, got, tolerance);
  }

  private void offerGradient(Scope scope, String tensor, NDArray output, NDArray input) {
    if (comparison.awaits(tensor)) {
      offer(tensor, Autograd.gradient(scope, output, input, ONES.call(scope, output)));
    }
  }
}
