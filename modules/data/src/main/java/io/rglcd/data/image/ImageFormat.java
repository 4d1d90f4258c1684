package io.rglcd.data.image;

import java.util.Arrays;
import java.util.Optional;

/** Picture formats that are read, recognised by their first bytes. */
public enum ImageFormat {
  /** Baseline and progressive, of 8 bits. */
  JPEG,
  /** All colour types and depths. */
  PNG,
  /** Still pictures, lossy and lossless. */
  WEBP;

  private static final byte[] JPEG_START = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
  private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] RIFF = {'R', 'I', 'F', 'F'};
  private static final byte[] WEBP_AFTER_SIZE = {'W', 'E', 'B', 'P', 'V', 'P', '8'};

  /** The format of these bytes, empty where it is none of these. */
  public static Optional<ImageFormat> of(byte[] bytes) {
    if (has(bytes, 0, JPEG_START)) {
      return Optional.of(JPEG);
    }
    if (has(bytes, 0, PNG_START)) {
      return Optional.of(PNG);
    }
    if (has(bytes, 0, RIFF) && has(bytes, 8, WEBP_AFTER_SIZE)) {
      return Optional.of(WEBP);
    }
    return Optional.empty();
  }

  private static boolean has(byte[] bytes, int at, byte[] part) {
    return bytes.length >= at + part.length
        && Arrays.equals(bytes, at, at + part.length, part, 0, part.length);
  }
}
