package io.rglcd.cluster.downing;

/** What the coordinators of a side may do. */
public enum Mandate {
  /** Begin a term, go on with one, and speak for the cluster. */
  GIVEN,
  /** Go on with a term, as nobody else may begin one; not begin one. */
  OPEN,
  /** Nothing: another side may have gone on. */
  DENIED
}
