package io.rglcd.cluster.protocol;

/**
 * A set of members within a term; each change of the set begins a new one.
 *
 * @param value at least 0
 */
public record Generation(long value) {

  /** Checks the bound. */
  public Generation {
    if (value < 0) {
      throw new IllegalArgumentException("generation: " + value + " (expected: >= 0)");
    }
  }

  /** The one after this. */
  public Generation next() {
    return new Generation(value + 1);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
