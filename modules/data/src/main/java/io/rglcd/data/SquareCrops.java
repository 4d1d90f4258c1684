package io.rglcd.data;

import io.rglcd.data.image.Crop;
import io.rglcd.data.image.ImageTransform;
import io.rglcd.data.image.RgbImage;
import io.rglcd.tensor.random.CounterRandom;
import io.rglcd.tensor.random.Purpose;
import io.rglcd.tensor.random.RandomStream;

/**
 * Cuts squares from pictures; place and flip depend on the seed and the sample only. Thread-safe.
 */
public final class SquareCrops {

  private final BatchOptions options;
  private final CounterRandom random;

  /** Crops by these options. */
  public SquareCrops(BatchOptions options, long seed) {
    this.options = options;
    this.random = CounterRandom.of(seed);
  }

  /**
   * Writes the square of a picture as [3,R,R] float32 in [-1,1].
   *
   * @param image its shorter side at the resolution
   * @param position of the sample in the epoch
   * @param out receives 3 * R * R values from {@code offset} on
   */
  public void cut(RgbImage image, long epoch, long position, float[] out, int offset) {
    int resolution = options.form().height();
    int top = ImageTransform.centered(image.height(), resolution);
    int left = ImageTransform.centered(image.width(), resolution);
    if (options.crop() == Crop.RANDOM) {
      RandomStream draws = random.at(epoch, position, Purpose.CROP);
      top = draws.nextInt(image.height() - resolution + 1);
      left = draws.nextInt(image.width() - resolution + 1);
    }
    boolean flip =
        options.flipProbability() > 0
            && random.at(epoch, position, Purpose.FLIP).nextFloat() < options.flipProbability();
    ImageTransform.crop(image, top, left, resolution, flip, out, offset);
  }
}
