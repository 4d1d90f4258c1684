package io.rglcd.data;

/**
 * Consecutive samples in the order of one epoch.
 *
 * @param epoch from 0
 * @param start position of the first sample in the epoch's order, from 0
 * @param count number of samples, at least 1
 */
public record SampleRange(long epoch, long start, int count) {

  /** Checks the bounds. */
  public SampleRange {
    if (epoch < 0 || start < 0 || count < 1) {
      throw new IllegalArgumentException(
          "sample range: epoch "
              + epoch
              + ", start "
              + start
              + ", count "
              + count
              + " (expected: >= 0, >= 0, >= 1)");
    }
  }

  /** Position after the last sample. */
  public long end() {
    return start + count;
  }

  @Override
  public String toString() {
    return "epoch " + epoch + " [" + start + ", " + end() + ")";
  }
}
