package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;

/** A reward of images under conditions that are already bound, differentiable in the images. */
@FunctionalInterface
public interface DifferentiableReward {

  /**
   * Scores images.
   *
   * @param scope owns the result
   * @param images [B,3,H,W] float32 in [0,1]
   * @return [B] float32
   */
  NDArray score(Scope scope, NDArray images);
}
