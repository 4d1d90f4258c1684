package io.rglcd.cli.config;

/**
 * Section {@code teacher}.
 *
 * @param model directory of a diffusers model, or {@code starter}
 */
public record TeacherConfig(String model) {

  /** The name of the embedded teacher, shards and rewards. */
  public static final String STARTER = "starter";

  /** Checks the values. */
  public TeacherConfig {
    ConfigurationException.require(
        !model.isBlank(), "teacher.model", "''", "a directory or starter");
  }

  static TeacherConfig of(KeyReader keys) {
    return new TeacherConfig(keys.text("teacher.model"));
  }

  /** Whether it is the embedded teacher. */
  public boolean isStarter() {
    return STARTER.equals(model);
  }
}
