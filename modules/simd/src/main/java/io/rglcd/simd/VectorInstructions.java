package io.rglcd.simd;

import java.nio.ByteBuffer;

/** Whether this Java virtual machine offers what this package needs. */
public final class VectorInstructions {

  /** Narrower ones are no faster than plain loops. */
  private static final int FEWEST_LANES = 8;

  private static final boolean USABLE = probe();

  private VectorInstructions() {}

  /**
   * Whether {@link Bfloat16Vectors} can be used: Java 17 or 18, started with {@code --add-modules
   * jdk.incubator.vector}, on a processor whose vectors have 256 bits or more. Later versions of
   * the module read memory in another way.
   */
  public static boolean areUsable() {
    return USABLE;
  }

  private static boolean probe() {
    try {
      int count = Lanes.COUNT;
      ByteBuffer floats = ByteBuffer.allocateDirect(count * Float.BYTES);
      ByteBuffer packed = ByteBuffer.allocateDirect(count * Short.BYTES);
      Bfloat16Vectors.pack(floats, 0, packed, 0, count);
      Bfloat16Vectors.unpack(packed, 0, floats, 0, count);
      return count >= FEWEST_LANES;
    } catch (LinkageError absent) {
      return false;
    }
  }
}
