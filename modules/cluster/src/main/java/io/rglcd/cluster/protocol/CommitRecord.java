package io.rglcd.cluster.protocol;

import io.rglcd.data.SampleRange;
import java.util.List;

/**
 * What one committed step was.
 *
 * @param key the attempt that was committed
 * @param ranges its samples, in the order of addition
 * @param unreadable samples of these ranges that could not be used
 * @param samples number of samples that contributed
 * @param distill mean consistency loss
 * @param reward mean reward
 * @param loss mean of the whole objective
 * @param gradNorm global norm of the mean gradient before clipping
 * @param learningRate that was applied
 * @param digest of the state after it; empty where none was taken
 */
public record CommitRecord(
    StepKey key,
    List<SampleRange> ranges,
    List<UnreadableSample> unreadable,
    int samples,
    double distill,
    double reward,
    double loss,
    double gradNorm,
    double learningRate,
    String digest) {

  /** Copies the lists. */
  public CommitRecord {
    ranges = List.copyOf(ranges);
    unreadable = List.copyOf(unreadable);
  }
}
