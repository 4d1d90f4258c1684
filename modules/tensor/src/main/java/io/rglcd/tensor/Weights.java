package io.rglcd.tensor;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tensors under their original names, seen from a prefix. A network is stateless and takes its
 * weights as an argument, so student, teacher and target share one definition.
 *
 * <p>Owns nothing: the tensors belong to the scope they were made in.
 */
public final class Weights {

  private final Map<String, NDArray> tensors;
  private final String prefix;

  private Weights(Map<String, NDArray> tensors, String prefix) {
    this.tensors = tensors;
    this.prefix = prefix;
  }

  /** The given tensors, under their full names. The map is not copied. */
  public static Weights of(Map<String, NDArray> tensors) {
    return new Weights(tensors, "");
  }

  /** The same tensors seen from below {@code name}: {@code at("a").get("b")} is {@code a.b}. */
  public Weights at(String name) {
    return new Weights(tensors, prefix + name + ".");
  }

  /** {@link #at(String)} for a numbered child, as in {@code resnets.0}. */
  public Weights at(String name, int index) {
    return at(name + "." + index);
  }

  /**
   * The tensor of that name.
   *
   * @throws TensorException naming the full name if there is none
   */
  public NDArray get(String name) {
    NDArray tensor = tensors.get(prefix + name);
    if (tensor == null) {
      throw new TensorException("weight missing: " + prefix + name);
    }
    return tensor;
  }

  /** The tensors of those names, in that order, as a function's {@code List[Tensor]}. */
  public List<NDArray> list(String... names) {
    List<NDArray> found = new ArrayList<>(names.length);
    for (String name : names) {
      found.add(get(name));
    }
    return found;
  }

  /** Whether there is a tensor of that name. */
  public boolean has(String name) {
    return tensors.containsKey(prefix + name);
  }

  /** All tensors under their full names, whatever the prefix. */
  public Map<String, NDArray> all() {
    return tensors;
  }
}
