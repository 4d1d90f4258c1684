package io.rglcd.tensor.random;

/** What a random number is for; each purpose of a sample has a stream of its own. */
public enum Purpose {
  /** Noise added to latents. */
  NOISE(1),
  /** Index of the timestep. */
  TIMESTEP(2),
  /** Guidance scale. */
  GUIDANCE(3),
  /** Noise of the autoencoder's posterior. */
  POSTERIOR(4),
  /** Place of the crop. */
  CROP(5),
  /** Whether to mirror. */
  FLIP(6),
  /** Order of the samples. */
  SHUFFLE(7),
  /** Whether to drop the caption. */
  EMPTY_PROMPT(8),
  /** First values of new parameters. */
  INIT(9),
  /** Noise where sampling starts. */
  SAMPLING(10),
  /** Noise between the steps of a multistep sampler. */
  SAMPLING_STEP(11),
  /** Choice of the decoded latents that a reward sees. */
  REWARD(12),
  /** Choice of one of several captions. */
  CAPTION(13);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  /** Part of the address; fixed, since changing it would change every run. */
  int code() {
    return code;
  }
}
