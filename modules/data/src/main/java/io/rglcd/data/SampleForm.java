package io.rglcd.data;

import java.util.List;

/**
 * What the values of a sample are: pixels [3,R,R] in [-1,1], or the moments [2C,h,w] of its
 * latents' distribution, C channels of means before C of log-variances.
 *
 * @param kind pixels or moments
 * @param channels 3, or 2C
 * @param height R, or h
 * @param width R, or w
 */
public record SampleForm(Kind kind, int channels, int height, int width) {

  /** What networks start from. */
  public enum Kind {
    /** The picture. */
    PIXELS,
    /** What the autoencoder made of it before. */
    MOMENTS
  }

  /** Checks the dimensions. */
  public SampleForm {
    boolean fits = kind == Kind.PIXELS ? channels == 3 && height == width : channels % 2 == 0;
    if (!fits || channels < 1 || height < 1 || width < 1) {
      throw new DataException(
          kind
              + " of shape "
              + List.of(channels, height, width)
              + " (expected: [3, R, R] or [2C, h, w])");
    }
  }

  /** Pictures of that many pixels a side. */
  public static SampleForm pixels(int resolution) {
    return new SampleForm(Kind.PIXELS, 3, resolution, resolution);
  }

  /** Moments of latents of that shape. */
  public static SampleForm moments(int latentChannels, int height, int width) {
    return new SampleForm(Kind.MOMENTS, 2 * latentChannels, height, width);
  }

  /** Its dimensions, as NumPy gives them. */
  public List<Integer> shape() {
    return List.of(channels, height, width);
  }

  /** Values of a sample. */
  public int size() {
    return Math.multiplyExact(channels, Math.multiplyExact(height, width));
  }
}
