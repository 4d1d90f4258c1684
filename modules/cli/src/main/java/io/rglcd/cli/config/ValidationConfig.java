package io.rglcd.cli.config;

import static io.rglcd.cli.config.ConfigurationException.require;

import java.util.List;

/**
 * Section {@code validation}.
 *
 * @param steps updates between pictures of the student in training; 0 for none
 * @param prompts captions; empty for the embedded ones
 * @param count captions that are measured
 * @param pictures captions in the grid
 * @param guidance scale of all pictures
 */
public record ValidationConfig(
    int steps, List<String> prompts, int count, int pictures, double guidance) {

  /** Checks the values. */
  public ValidationConfig {
    prompts = List.copyOf(prompts);
    require(steps >= 0, "validation.steps", steps, ">= 0");
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
        keys.integer("validation.steps"),
        keys.texts("validation.prompts"),
        keys.integer("validation.count"),
        keys.integer("validation.pictures"),
        keys.number("validation.guidance"));
  }
}
