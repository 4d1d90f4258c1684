package io.rglcd.data.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How pictures are resized, under the names of the official script. All but the nearest ones
 * antialias: their support grows with the reduction factor.
 *
 * <p>Source: Pillow, src/libImaging/Resample.c; torchvision maps both nearest modes to the same one
 * of Pillow.
 */
public enum Interpolation {
  /** Triangle. */
  BILINEAR(1),
  /** Keys' cubic with a = -1/2. */
  BICUBIC(2),
  /** Mean of the covered pixels. */
  BOX(0.5),
  /** The pixel under the centre. */
  NEAREST(0),
  /** As Pillow has only one, the same as {@link #NEAREST}. */
  NEAREST_EXACT(0),
  /** Sinc under a Hamming window. */
  HAMMING(1),
  /** Sinc under a Lanczos window of three lobes. */
  LANCZOS(3);

  private final double support;

  Interpolation(double support) {
    this.support = support;
  }

  /**
   * The interpolation of a name such as {@code nearest_exact}.
   *
   * @throws IllegalArgumentException listing the names for another one
   */
  public static Interpolation of(String name) {
    return Arrays.stream(values())
        .filter(value -> value.text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    name + " (expected: one of " + String.join(", ", names()) + ")"));
  }

  /** All names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Interpolation::text).toList();
  }

  /** Its name in configurations. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Radius in input pixels where nothing is reduced; 0 for the nearest ones, which have none. */
  double support() {
    return support;
  }

  /** Weight of a pixel at a distance from the centre, in units of the reduction factor. */
  double weight(double distance) {
    double x = Math.abs(distance);
    return switch (this) {
      case BILINEAR -> Math.max(0, 1 - x);
      case BICUBIC -> cubic(x);
      case BOX -> distance > -0.5 && distance <= 0.5 ? 1 : 0;
      case HAMMING -> x < 1 ? sinc(x) * (0.54 + 0.46 * StrictMath.cos(x * Math.PI)) : 0;
      case LANCZOS -> distance >= -3 && distance < 3 ? sinc(x) * sinc(x / 3) : 0;
      case NEAREST, NEAREST_EXACT -> throw new IllegalStateException(this + " has no weights");
    };
  }

  private static double cubic(double x) {
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
  }
}
