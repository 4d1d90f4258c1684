package io.rglcd.cluster.protocol;

/**
 * An incarnation of the coordinator, the fencing token: a message of an older term is ignored.
 *
 * @param value at least 1; 0 before the first coordinator
 */
public record Term(long value) implements Comparable<Term> {

  /** Checks the bound. */
  public Term {
    if (value < 0) {
      throw new IllegalArgumentException("term: " + value + " (expected: >= 0)");
    }
  }

  /** The one after this. */
  public Term next() {
    return new Term(value + 1);
  }

  @Override
  public int compareTo(Term other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
