package io.rglcd.tensor.safetensors;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * What the header says of one tensor.
 *
 * @param dtype type of the elements in the file
 * @param shape lengths, row-major; empty for a scalar
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last one, counted from the end of the header
 */
public record TensorInfo(DType dtype, long[] shape, long begin, long end) {

  /** Copies the shape. */
  public TensorInfo {
    shape = shape.clone();
  }

  /** A copy of the lengths. */
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** The shape as the engine's type. */
  public Shape toShape() {
    return new Shape(shape);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && begin == that.begin
        && end == that.end;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(shape) * 31 + Long.hashCode(begin) + dtype.hashCode();
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape) + " at " + begin + ".." + end;
  }
}
