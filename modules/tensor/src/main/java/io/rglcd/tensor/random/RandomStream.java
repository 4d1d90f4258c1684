package io.rglcd.tensor.random;

import java.util.Objects;

/**
 * The numbers of one address, in order. Defined down to the last bit, on every machine. Not
 * thread-safe.
 */
public final class RandomStream {

  private static final long MAX_BLOCKS = 1L << 32;
  private static final float UNIT_24 = 0x1p-24f;
  private static final double UNIT_32 = 0x1p-32;
  private static final long LOW = 0xFFFFFFFFL;

  private final long key;
  private final int address1;
  private final int address2;
  private final int address3;
  private final int[] block = new int[4];
  private int used = block.length;
  private long blocks;
  private double spareNormal = Double.NaN;

  /** Reads Philox under that key at the counters (block number, address1, address2, address3). */
  RandomStream(long key, int address1, int address2, int address3) {
    this.key = key;
    this.address1 = address1;
    this.address2 = address2;
    this.address3 = address3;
  }

  /**
   * The next 32 bits.
   *
   * @throws IllegalStateException after 2^34 of them
   */
  public int nextInt() {
    if (used == block.length) {
      refill();
    }
    return block[used++];
  }

  private void refill() {
    if (blocks == MAX_BLOCKS) {
      throw new IllegalStateException("random stream exhausted after 2^34 words");
    }
    block[0] = (int) blocks++;
    block[1] = address1;
    block[2] = address2;
    block[3] = address3;
    Philox.encrypt(block, (int) key, (int) (key >>> 32));
    used = 0;
  }

  /**
   * Uniform on 0 to bound-1, without bias: the high half of a 64 bit product, drawn again where
   * that would favour some values (Lemire, "Fast random integer generation in an interval", 2019).
   *
   * @throws IllegalArgumentException if bound is less than 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound: " + bound + " (expected: >= 1)");
    }
    long favoured = (1L << 32) % bound;
    while (true) {
      long product = (nextInt() & LOW) * bound;
      if ((product & LOW) >= favoured) {
        return (int) (product >>> 32);
      }
    }
  }

  /** Uniform on the multiples of 2^-24 from 0 to 1, 1 excluded. */
  public float nextFloat() {
    return (nextInt() >>> 8) * UNIT_24;
  }

  /** Standard normal, by Box and Muller's transform of two words into two normals. */
  public double nextNormal() {
    if (!Double.isNaN(spareNormal)) {
      double spare = spareNormal;
      spareNormal = Double.NaN;
      return spare;
    }
    double radius = StrictMath.sqrt(-2 * StrictMath.log(((nextInt() & LOW) + 0.5) * UNIT_32));
    double angle = 2 * Math.PI * UNIT_32 * (nextInt() & LOW);
    spareNormal = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }

  /**
   * Fills {@code target[offset]} to {@code target[offset + count - 1]} with standard normals,
   * rounded to single precision.
   *
   * @throws IndexOutOfBoundsException if that range is not within the array
   */
  public void fillNormal(float[] target, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, target.length);
    for (int i = offset; i < offset + count; i++) {
      target[i] = (float) nextNormal();
    }
  }
}
