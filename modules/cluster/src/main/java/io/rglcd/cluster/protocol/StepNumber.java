package io.rglcd.cluster.protocol;

/**
 * The number of a committed update: step s leads from C_(s-1) to C_s.
 *
 * @param value at least 0, or that of {@link #NONE}
 */
public record StepNumber(long value) implements Comparable<StepNumber> {

  /** What a replica is at while its state is being overwritten. */
  public static final StepNumber NONE = new StepNumber(-1);

  /** Checks the bound. */
  public StepNumber {
    if (value < -1) {
      throw new IllegalArgumentException("step: " + value + " (expected: >= 0)");
    }
  }

  /** The one after this. */
  public StepNumber next() {
    return new StepNumber(value + 1);
  }

  @Override
  public int compareTo(StepNumber other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return value < 0 ? "none" : Long.toString(value);
  }
}
