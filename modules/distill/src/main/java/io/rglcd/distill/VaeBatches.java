package io.rglcd.distill;

/**
 * How many pictures the autoencoder handles at a time; more go through it in pieces, which takes
 * less memory.
 *
 * @param encode pictures encoded at a time, at least 1
 * @param decode latents decoded at a time, at least 1
 */
public record VaeBatches(int encode, int decode) {

  /** The official script's: 32 and 16. */
  public static final VaeBatches DEFAULT = new VaeBatches(32, 16);

  /** Checks the bounds. */
  public VaeBatches {
    if (encode < 1 || decode < 1) {
      throw new IllegalArgumentException(
          "VAE batches: " + encode + " and " + decode + " (expected: >= 1)");
    }
  }
}
