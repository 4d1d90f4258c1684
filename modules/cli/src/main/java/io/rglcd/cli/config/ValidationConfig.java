package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import java.util.List;

/**
 * Section {@code validation}.
 *
 * @param prompts captions; empty for the embedded ones
 * @param count captions that are measured
 * @param pictures captions in the grid
 * @param guidance scale of all pictures
 */
public record ValidationConfig(List<String> prompts, int count, int pictures, double guidance) {

  /** Checks the values. */
  public ValidationConfig {
    prompts = List.copyOf(prompts);
    require(count >= 1, "validation.count", count, ">= 1");
    require(
        pictures >= 1 && pictures <= count,
        "validation.pictures",
        pictures,
        "1 to validation.count, " + count);
    require(guidance >= 0, "validation.guidance", guidance, ">= 0");
  }

  static ValidationConfig of(KeyReader keys) {
    return new ValidationConfig(
        keys.texts("validation.prompts"),
        keys.integer("validation.count"),
        keys.integer("validation.pictures"),
        keys.number("validation.guidance"));
  }
}
