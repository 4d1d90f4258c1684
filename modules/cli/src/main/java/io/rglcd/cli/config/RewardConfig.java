package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

/**
 * Section {@code reward}.
 *
 * @param optimize whether a reward guides the distillation
 * @param name clip, pref or a directory
 * @param scale weight of the mean reward
 */
public record RewardConfig(boolean optimize, String name, double scale) {

  /** Checks the values. */
  public RewardConfig {
    require(!name.isBlank(), "reward.name", "''", "clip, pref or a directory");
    require(scale >= 0, "reward.scale", scale, ">= 0");
  }

  static RewardConfig of(KeyReader keys) {
    return new RewardConfig(
        keys.flag("reward.optimize"), keys.text("reward.name"), keys.number("reward.scale"));
  }

  /** The weight that counts: 0 where no reward is optimised. */
  public double beta() {
    return optimize ? scale : 0;
  }
}
