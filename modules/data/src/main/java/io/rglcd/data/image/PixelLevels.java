package io.rglcd.data.image;

import java.util.Optional;

/**
 * The 256 values that a colour of a picture has in a network's input: (level / 255 - 0.5) / 0.5 in
 * float32, as torchvision's ToTensor and Normalize compute it.
 */
public final class PixelLevels {

  private static final float[] VALUES = table();

  private PixelLevels() {}

  /** The value in [-1,1] of a level. */
  static float value(byte level) {
    return VALUES[level & 0xff];
  }

  /** The values of levels, one for each. */
  public static float[] values(byte[] levels) {
    float[] values = new float[levels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(levels[i]);
    }
    return values;
  }

  /** The levels that have exactly these values; empty where one value is of no level. */
  public static Optional<byte[]> levels(float[] values) {
    byte[] levels = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      byte level = (byte) Math.round((values[i] + 1) * 127.5f);
      if (Float.floatToRawIntBits(value(level)) != Float.floatToRawIntBits(values[i])) {
        return Optional.empty();
      }
      levels[i] = level;
    }
    return Optional.of(levels);
  }

  private static float[] table() {
    float[] table = new float[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = (i / 255f - 0.5f) / 0.5f;
    }
    return table;
  }
}
