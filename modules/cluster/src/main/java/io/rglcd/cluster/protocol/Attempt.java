package io.rglcd.cluster.protocol;

/**
 * A try at a step; the weights never see the ones that are aborted.
 *
 * @param value at least 0
 */
public record Attempt(long value) {

  /** Checks the bound. */
  public Attempt {
    if (value < 0) {
      throw new IllegalArgumentException("attempt: " + value + " (expected: >= 0)");
    }
  }

  /** The one after this. */
  public Attempt next() {
    return new Attempt(value + 1);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
