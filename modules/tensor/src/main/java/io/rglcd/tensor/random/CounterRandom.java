package io.rglcd.tensor.random;

/**
 * A family of random streams that never overlap, one for each address. Holds only the seed, so it
 * is immutable, free to make, and safe to share.
 *
 * <pre>{@code
 * CounterRandom.of(seed).at(step, sample, Purpose.NOISE).fillNormal(noise, 0, noise.length);
 * }</pre>
 *
 * <p>Philox's key is the seed and its counter is the address and the position in the stream: 32
 * bits of position (counted in blocks of four words), 56 bits of sample, 8 bits of purpose and 32
 * bits of epoch. So two addresses never share a counter.
 */
public final class CounterRandom {

  private static final long MAX_EPOCH = (1L << 32) - 1;
  private static final long MAX_SAMPLE = (1L << 56) - 1;

  private final long seed;

  private CounterRandom(long seed) {
    this.seed = seed;
  }

  /** The family of that seed; every long is a seed of its own. */
  public static CounterRandom of(long seed) {
    return new CounterRandom(seed);
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /**
   * The stream of an address, at its beginning. A stream is for one thread; ask again for the same
   * numbers again.
   *
   * @param epoch an epoch or step, 0 to 2^32-1
   * @param sample a sample's index within it, 0 to 2^56-1
   * @throws IllegalArgumentException if epoch or sample is out of range
   */
  public RandomStream at(long epoch, long sample, Purpose purpose) {
    if (epoch < 0 || epoch > MAX_EPOCH) {
      throw new IllegalArgumentException(
          "epoch of a random stream: " + epoch + " (expected: 0 to " + MAX_EPOCH + ")");
    }
    if (sample < 0 || sample > MAX_SAMPLE) {
      throw new IllegalArgumentException(
          "sample of a random stream: " + sample + " (expected: 0 to " + MAX_SAMPLE + ")");
    }
    int purposeAndSample = purpose.code() << 24 | (int) (sample >>> 32);
    return new RandomStream(seed, purposeAndSample, (int) sample, (int) epoch);
  }
}
