package io.rglcd.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far an entry may be from the expected one: {@code |got - expected| <= abs + relToMax *
 * max|expected| + rel * |expected|}.
 *
 * @param abs the same for every entry
 * @param relToMax as a part of the tensor's largest entry
 * @param rel as a part of the entry itself
 */
record Tolerance(double abs, double relToMax, double rel) {

  static final Tolerance EXACT = new Tolerance(0, 0, 0);

  static Tolerance absolute(double abs) {
    return new Tolerance(abs, 0, 0);
  }

  static Tolerance toMax(double relToMax) {
    return new Tolerance(0, relToMax, 0);
  }

  static Tolerance relative(double rel) {
    return new Tolerance(0, 0, rel);
  }

  /**
   * What case.json says where it says it as {@code {abs, rel_to_max}} or {@code "exact"}; where it
   * says it in prose, what the prose means for this kind.
   */
  static Tolerance of(JsonNode caseJson, Tolerance prose) {
    JsonNode node = caseJson.path("tolerance");
    if (node.isObject() && node.path("abs").isNumber() && node.path("rel_to_max").isNumber()) {
      return new Tolerance(node.get("abs").asDouble(), node.get("rel_to_max").asDouble(), 0);
    }
    return node.asText().equals("exact") ? EXACT : prose;
  }

  /** The difference that is allowed at an entry. */
  double allowed(double expected, double maxExpected) {
    return abs + relToMax * maxExpected + rel * Math.abs(expected);
  }

  /** The same with a further absolute allowance. */
  Tolerance widenedBy(double more) {
    return new Tolerance(abs + more, relToMax, rel);
  }
}
