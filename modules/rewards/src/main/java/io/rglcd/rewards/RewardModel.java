package io.rglcd.rewards;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import java.util.List;

/**
 * Scores images for captions. Safe to use from several threads as long as each brings its own
 * scope.
 */
@FunctionalInterface
public interface RewardModel {

  /**
   * Scores each image for its caption; recorded for autograd where the calling thread records.
   *
   * @param scope owns the result
   * @param images [B,3,H,W] float32 in [0,1]
   * @param captions B captions
   * @return [B] float32, higher is better
   */
  NDArray score(Scope scope, NDArray images, List<String> captions);
}
