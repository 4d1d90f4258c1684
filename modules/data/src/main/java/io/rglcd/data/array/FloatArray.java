package io.rglcd.data.array;

import java.util.List;

/**
 * Numbers of a file, as float32 whatever their type was.
 *
 * @param name of the array in its archive, empty in a file of its own
 * @param shape its dimensions, none for a single number
 * @param values row-major; not to be changed
 */
public record FloatArray(String name, List<Integer> shape, float[] values) {

  /** Copies the shape and checks that it fits. */
  public FloatArray {
    shape = List.copyOf(shape);
    long count = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    if (count != values.length) {
      throw new IllegalArgumentException(
          "array: " + values.length + " values for shape " + shape + " (expected: " + count + ")");
    }
  }
}
