package io.rglcd.data;

import io.rglcd.data.image.ImageDecoder;

/**
 * Which samples are read and how.
 *
 * @param maxPixels pictures with more are refused before they are decoded
 * @param maxEntryBytes files that are longer, packed or unpacked, are refused
 * @param captionField field of the json file that holds the caption or a list of captions; empty
 *     where captions are files of their own
 * @param filter which of the whole samples are wanted
 */
public record ReadOptions(
    long maxPixels, long maxEntryBytes, String captionField, SampleFilter filter) {

  /** Default of {@link #maxEntryBytes}: 64 MiB. */
  public static final long DEFAULT_MAX_ENTRY_BYTES = 64L << 20;

  /** Reads what the original reads. */
  public static final ReadOptions DEFAULT =
      new ReadOptions(
          ImageDecoder.DEFAULT_MAX_PIXELS, DEFAULT_MAX_ENTRY_BYTES, "", SampleFilter.NONE);

  /** Checks the bounds. */
  public ReadOptions {
    if (maxPixels < 1 || maxPixels > ImageDecoder.MAX_PIXELS) {
      throw new DataException(
          "maxPixels: " + maxPixels + " (expected: 1 to " + ImageDecoder.MAX_PIXELS + ")");
    }
    if (maxEntryBytes < 1 || maxEntryBytes > Integer.MAX_VALUE - 16) {
      throw new DataException("maxEntryBytes: " + maxEntryBytes + " (expected: 1 to 2 GiB)");
    }
  }

  /** The same with another filter. */
  public ReadOptions withFilter(SampleFilter other) {
    return new ReadOptions(maxPixels, maxEntryBytes, captionField, other);
  }

  /** The same with captions from a field of the json file. */
  public ReadOptions withCaptionField(String field) {
    return new ReadOptions(maxPixels, maxEntryBytes, field, filter);
  }
}
