package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import java.util.List;

/** A flat parameter vector (weights or a gradient) read parameter by parameter. */
final class ParameterValues {

  private final ParameterLayout layout;
  private final float[] flat;

  ParameterValues(ParameterLayout layout, NDArray flat) {
    this.layout = layout;
    this.flat = flat.toFloatArray();
  }

  /** All entries in the layout's order. */
  float[] flat() {
    return flat;
  }

  /** One parameter under its own shape. */
  TensorValues of(String name) {
    Shape shape = layout.shapes().get(name);
    if (shape == null) {
      throw new ConformanceException("parameter: " + name + " is not one of this network's");
    }
    double[] entries = new double[Math.toIntExact(shape.size())];
    int offset = Math.toIntExact(layout.offset(name));
    for (int i = 0; i < entries.length; i++) {
      entries[i] = flat[offset + i];
    }
    return new TensorValues(shape, entries);
  }

  /** L2 norms of the parameters in that order; 0 for one that this network does not have. */
  TensorValues norms(List<String> order) {
    return TensorValues.vector(
        order.stream()
            .mapToDouble(name -> layout.shapes().containsKey(name) ? norm(of(name).entries()) : 0)
            .toArray());
  }

  /** L2 norm. */
  static double norm(double... entries) {
    double sum = 0;
    for (double entry : entries) {
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }

  /** The largest magnitude of all entries. */
  double max() {
    float max = 0;
    for (float entry : flat) {
      max = Math.max(max, Math.abs(entry));
    }
    return max;
  }
}
