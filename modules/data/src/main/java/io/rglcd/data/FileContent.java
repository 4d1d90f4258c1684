package io.rglcd.data;

import io.rglcd.data.array.FloatArray;
import io.rglcd.data.image.RgbImage;
import java.util.List;

/** What a file of a sample holds. */
sealed interface FileContent {

  /** A picture of its own size. */
  record Picture(RgbImage image) implements FileContent {}

  /** A text, such as a caption. */
  record Text(String text) implements FileContent {}

  /** Metadata. */
  record Json(SampleMetadata metadata) implements FileContent {}

  /** Numbers, such as the moments of latents. */
  record Arrays(List<FloatArray> arrays) implements FileContent {}

  /** Whatever is not looked into. */
  record Bytes(byte[] bytes) implements FileContent {}
}
