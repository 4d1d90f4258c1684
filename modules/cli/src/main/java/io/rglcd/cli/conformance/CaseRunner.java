package io.rglcd.cli.conformance;

/** Computes the outputs of one kind of case. */
interface CaseRunner {

  /** The {@code kind} of case.json that this runs. */
  String kind();

  /**
   * Computes every output that the case expects and hands each to the comparison. What is not
   * handed over counts as not passed.
   *
   * @throws RuntimeException if the case cannot be run; the message becomes the case's result
   */
  void run(CaseDirectory directory, Comparison comparison);
}
