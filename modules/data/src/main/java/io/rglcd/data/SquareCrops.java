package io.rglcd.data;

import io.rglcd.data.image.Crop;
import io.rglcd.data.image.ImageException;
import io.rglcd.data.image.ImageTransform;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.image.Size;
import io.rglcd.data.image.Square;
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
   * Resizes a picture so that its shorter side is R, if it is not so, and writes its square as
   * [3,R,R] float32 in [-1,1].
   *
   * @param image no thin strip that would become larger than pictures may be
   * @param position of the sample in the epoch
   * @param out receives 3 * R * R values from {@code offset} on
   */
  public void cut(RgbImage image, long epoch, long position, float[] out, int offset) {
    Size size = resized(image);
    ImageTransform.resizeAndCrop(
        image, size, options.interpolation(), square(size, epoch, position), out, offset);
  }

  private Size resized(RgbImage image) {
    try {
      return Size.of(image).withShorterSide(options.form().height(), options.read().maxPixels());
    } catch (ImageException e) {
      throw new IllegalArgumentException("picture that was to be refused before", e);
    }
  }

  private Square square(Size size, long epoch, long position) {
    int resolution = options.form().height();
    int top = ImageTransform.centered(size.height(), resolution);
    int left = ImageTransform.centered(size.width(), resolution);
    if (options.crop() == Crop.RANDOM) {
      RandomStream draws = random.at(epoch, position, Purpose.CROP);
      top = draws.nextInt(size.height() - resolution + 1);
      left = draws.nextInt(size.width() - resolution + 1);
    }
    boolean flip =
        options.flipProbability() > 0
            && random.at(epoch, position, Purpose.FLIP).nextFloat() < options.flipProbability();
    return new Square(top, left, resolution, flip);
  }
}
