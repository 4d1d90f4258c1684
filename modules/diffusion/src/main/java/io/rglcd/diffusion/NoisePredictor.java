package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;

/** A network with its conditions bound: predicts noise, sample or velocity. */
@FunctionalInterface
public interface NoisePredictor {

  /**
   * Predicts.
   *
   * @param scope owns the result
   * @param latents [B,4,H,W] float32
   * @param timesteps [B] int64
   * @return [B,4,H,W] float32
   */
  NDArray predict(Scope scope, NDArray latents, NDArray timesteps);
}
