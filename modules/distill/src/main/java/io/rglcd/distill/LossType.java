package io.rglcd.distill;

import java.util.Locale;

/** The distance of the consistency loss. */
public enum LossType {
  /** Pseudo-Huber {@code sqrt((a-b)^2 + c^2) - c}. */
  HUBER,
  /** Squared error. */
  L2;

  /**
   * The type of that name in the official script.
   *
   * @throws IllegalArgumentException listing the known names
   */
  public static LossType of(String name) {
    for (LossType type : values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException("loss type: " + name + " (expected: huber or l2)");
  }
}
