package io.rglcd.models;

import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects a network's parameters in the order in which the original registers them. */
final class Parameters {

  private final Map<String, Shape> shapes;
  private final String prefix;

  private Parameters(Map<String, Shape> shapes, String prefix) {
    this.shapes = shapes;
    this.prefix = prefix;
  }

  Parameters() {
    this(new LinkedHashMap<>(), "");
  }

  Parameters at(String name) {
    return new Parameters(shapes, prefix + name + ".");
  }

  Parameters at(String name, int index) {
    return at(name + "." + index);
  }

  Parameters tensor(String name, long... shape) {
    shapes.put(prefix + name, new Shape(shape));
    return this;
  }

  /** A convolution with bias: weight [out,in,k,k]. */
  Parameters conv(String name, long in, long out, long kernel) {
    at(name).tensor("weight", out, in, kernel, kernel).tensor("bias", out);
    return this;
  }

  /** A linear layer with bias: weight [out,in]. */
  Parameters linear(String name, long in, long out) {
    matrix(name, in, out).at(name).tensor("bias", out);
    return this;
  }

  /** A linear layer without bias: weight [out,in]. */
  Parameters matrix(String name, long in, long out) {
    at(name).tensor("weight", out, in);
    return this;
  }

  /** A normalisation's scale and shift. */
  Parameters norm(String name, long channels) {
    at(name).tensor("weight", channels).tensor("bias", channels);
    return this;
  }

  ParameterLayout layout() {
    return ParameterLayout.of(shapes);
  }
}
