package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables of one evaluation of the objective, under the names that the official script's loop
 * body gives them. They belong to the scope of the evaluation.
 */
public final class RgLcdVariables {

  private final Map<String, NDArray> values = new LinkedHashMap<>();

  NDArray put(String name, NDArray value) {
    values.put(name, value);
    return value;
  }

  /** The variable of that name; null if this evaluation had none. */
  public NDArray get(String name) {
    return values.get(name);
  }

  /** All variables in the order they were computed. */
  public Map<String, NDArray> all() {
    return values;
  }
}
