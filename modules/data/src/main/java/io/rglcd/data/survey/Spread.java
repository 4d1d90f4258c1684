package io.rglcd.data.survey;

import java.util.Arrays;

/**
 * How numbers are spread.
 *
 * @param min the least
 * @param median half of them are not larger
 * @param max the largest
 */
public record Spread(double min, double median, double max) {

  /** Of these numbers; NaN if there are none. */
  static Spread of(double[] numbers) {
    if (numbers.length == 0) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return new Spread(sorted[0], sorted[(sorted.length - 1) / 2], sorted[sorted.length - 1]);
  }
}
