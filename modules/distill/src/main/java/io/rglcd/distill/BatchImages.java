package io.rglcd.distill;

/** What the networks start from: the pictures of a micro-batch, or their encoded form. */
public sealed interface BatchImages {

  /** Row-major, one sample after the other; not to be changed. */
  float[] values();

  /** Values of one sample. */
  int sampleSize();

  /**
   * Pictures.
   *
   * @param values [B,3,R,R] in [-1,1]
   * @param resolution R, pixels
   */
  record Pixels(float[] values, int resolution) implements BatchImages {

    @Override
    public int sampleSize() {
      return 3 * resolution * resolution;
    }
  }

  /**
   * Distributions of latents that were computed before.
   *
   * @param values [B,2C,h,w]: C channels of means, then C of log-variances
   * @param channels C
   * @param height h
   * @param width w
   */
  record Moments(float[] values, int channels, int height, int width) implements BatchImages {

    @Override
    public int sampleSize() {
      return 2 * channels * height * width;
    }
  }
}
