package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** A tensor's entries as doubles, with its shape: wide enough for every type the cases hold. */
record TensorValues(Shape shape, double[] entries) {

  static TensorValues of(NDArray array) {
    return new TensorValues(array.getShape(), entriesOf(array));
  }

  /** Of numbers in row-major order. */
  static TensorValues of(Shape shape, float[] entries) {
    return new TensorValues(shape, widen(entries));
  }

  /** A vector. */
  static TensorValues vector(double... entries) {
    return new TensorValues(new Shape(entries.length), entries);
  }

  /** A vector of whole numbers. */
  static TensorValues vector(long... entries) {
    return vector(Arrays.stream(entries).asDoubleStream().toArray());
  }

  /** A number without dimensions. */
  static TensorValues scalar(double value) {
    return new TensorValues(new Shape(), new double[] {value});
  }

  private static double[] entriesOf(NDArray array) {
    return switch (array.getDataType()) {
      case FLOAT64 -> array.toDoubleArray();
      case FLOAT32 -> widen(array.toFloatArray());
      case INT64 -> Arrays.stream(array.toLongArray()).asDoubleStream().toArray();
      case INT32 -> Arrays.stream(array.toIntArray()).asDoubleStream().toArray();
      default ->
          throw new ConformanceException(
              "tensor type: " + array.getDataType() + " (expected: F32, F64, I64 or I32)");
    };
  }

  private static double[] widen(float[] narrow) {
    double[] wide = new double[narrow.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = narrow[i];
    }
    return wide;
  }

  /** The same entries in another shape of as many entries, as where dimensions of 1 differ. */
  TensorValues reshaped(Shape other) {
    return other.size() == shape.size() ? new TensorValues(other, entries) : this;
  }

  /** The largest magnitude; 0 for an empty tensor. */
  double max() {
    return Arrays.stream(entries).map(Math::abs).max().orElse(0);
  }

  /** |this - other| at each entry; 0 where both are the same infinity. */
  double[] difference(TensorValues other) {
    double[] result = new double[entries.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = entries[i] == other.entries[i] ? 0 : Math.abs(entries[i] - other.entries[i]);
    }
    return result;
  }
}
