package io.rglcd.cli.conformance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the comparison of one tensor found.
 *
 * @param caseName name of the case's directory
 * @param kind of the case
 * @param tensor its name in io.safetensors; empty where the case as a whole failed
 * @param maxAbs largest absolute difference; NaN where nothing could be compared
 * @param maxRel maxAbs over the largest expected entry
 * @param tolerance the largest absolute difference that is allowed
 * @param pass whether every entry is within the tolerance
 * @param message why it failed, where that is not a matter of numbers; else empty
 */
record TensorResult(
    String caseName,
    String kind,
    String tensor,
    double maxAbs,
    double maxRel,
    double tolerance,
    boolean pass,
    String message) {

  /** A failure that has no numbers. */
  static TensorResult failure(String caseName, String kind, String tensor, String message) {
    return new TensorResult(
        caseName, kind, tensor, Double.NaN, Double.NaN, Double.NaN, false, message);
  }

  /** The object of the JSON report; numbers that are not finite are null. */
  ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("case", caseName).put("kind", kind).put("tensor", tensor);
    putFinite(node, "maxAbs", maxAbs);
    putFinite(node, "maxRel", maxRel);
    putFinite(node, "tolerance", tolerance);
    node.put("pass", pass);
    if (!message.isEmpty()) {
      node.put("message", message);
    }
    return node;
  }

  private static void putFinite(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
