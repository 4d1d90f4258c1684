package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;

/** The CLIP reward step by step, and its gradient to the pictures. */
final class ClipRewardCase implements CaseRunner {

  private static final Tolerance VALUE = Tolerance.absolute(1e-5);

  /** Logits are cosines times exp(logit_scale), and so is their rounding. */
  private static final Tolerance LOGITS = new Tolerance(1e-5, 1e-5, 0);

  private static final Tolerance GRADIENT = Tolerance.toMax(1e-4);
  private static final String ANTIALIAS = "_antialias_true";

  @Override
  public String kind() {
    return "clip_reward";
  }

  @Override
  public void run(CaseDirectory directory, Comparison comparison) {
    JsonNode config = directory.json("config.json");
    try (Scope scope = Scope.open()) {
      ClipScore clip = ClipScore.openClip(scope, directory, config, "weights.safetensors");
      compare(scope, directory, comparison, clip, false);
      compare(scope, directory, comparison, clip, true);
    }
  }

  private static void compare(
      Scope scope,
      CaseDirectory directory,
      Comparison comparison,
      ClipScore clip,
      boolean antialias) {
    String suffix = antialias ? ANTIALIAS : "";
    NDArray images = Autograd.leaf(scope, directory.read(scope, "images"));
    NDArray tokens = directory.read(scope, "tokens");
    NDArray resized = clip.resized(scope, images, antialias);
    NDArray pixels = clip.normalized(scope, resized);
    NDArray image = clip.unit(scope, clip.imageFeatures(scope, pixels));
    NDArray text = clip.unit(scope, clip.textFeatures(scope, tokens));
    NDArray score = Autograd.recording(() -> clip.score(scope, images, tokens, antialias));
    NDArray gradient = Autograd.gradient(scope, score, images, directory.read(scope, "R"));
    comparison.offer("resized" + suffix, resized, of(directory, VALUE));
    comparison.offer("preprocessed" + suffix, pixels, of(directory, VALUE));
    comparison.offer("image_features" + suffix, image, of(directory, VALUE));
    comparison.offer("text_features" + suffix, text, of(directory, VALUE));
    comparison.offer("score" + suffix, score, of(directory, VALUE));
    comparison.offer("logits" + suffix, clip.logits(scope, score), of(directory, LOGITS));
    comparison.offer("grad_images" + suffix, gradient, of(directory, GRADIENT));
  }

  private static Tolerance of(CaseDirectory directory, Tolerance prose) {
    return Tolerance.of(directory.json(), prose);
  }
}
