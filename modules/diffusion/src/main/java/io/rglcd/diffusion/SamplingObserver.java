package io.rglcd.diffusion;

import ai.djl.ndarray.NDArray;

/** Sees a sampler's intermediates; they are valid during the call only. */
@FunctionalInterface
public interface SamplingObserver {

  /** Looks at nothing. */
  SamplingObserver NONE = (step, output, denoised, latents) -> {};

  /**
   * Called after each step.
   *
   * @param step counted from 0
   * @param output the network's prediction (guided, for DDIM)
   * @param denoised the predicted x_0 (the consistency function's value, for LCM)
   * @param latents the latents after the step
   */
  void afterStep(int step, NDArray output, NDArray denoised, NDArray latents);
}
