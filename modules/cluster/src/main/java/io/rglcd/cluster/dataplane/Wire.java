package io.rglcd.cluster.dataplane;

/** How numbers travel. */
public enum Wire {
  /** As they are, 4 bytes. */
  FP32(4),
  /**
   * As bfloat16, 2 bytes, rounded to the nearest, ties to even. What a node keeps for itself is
   * rounded too, so that the result does not depend on who computed what.
   */
  BF16(2);

  private final int bytes;

  Wire(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** Bytes of so many numbers on their way, which are whole words of 32 bits. */
  int frameBytes(int elements) {
    return (elements * bytes + Integer.BYTES - 1) / Integer.BYTES * Integer.BYTES;
  }
}
