package io.rglcd.data;

import io.rglcd.data.image.RgbImage;

/**
 * A sample before anything random happens to it.
 *
 * @param image its shorter side at the resolution
 * @param caption as in the shard
 */
record DecodedSample(RgbImage image, String caption) {

  /** About what it takes in memory. */
  long bytes() {
    return image.rgb().length + 2L * caption.length() + 128;
  }
}
