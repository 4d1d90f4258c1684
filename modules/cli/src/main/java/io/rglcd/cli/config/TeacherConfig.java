package io.rglcd.cli.config;

import io.rglcd.models.DiffusersDirectory;
import java.nio.file.Path;

/**
 * Section {@code teacher}.
 *
 * @param model directory of a diffusers model, or {@code starter}
 * @param vae directory of another autoencoder; blank for the teacher's own
 */
public record TeacherConfig(String model, String vae) {

  /** The name of the embedded teacher, shards and rewards. */
  public static final String STARTER = "starter";

  /** Checks the values. */
  public TeacherConfig {
    ConfigurationException.require(
        !model.isBlank(), "teacher.model", "''", "a directory or starter");
  }

  static TeacherConfig of(KeyReader keys) {
    return new TeacherConfig(keys.text("teacher.model"), keys.text("teacher.vae"));
  }

  /** Opens the model of a directory, with the configured autoencoder. */
  public DiffusersDirectory open(Path directory) {
    DiffusersDirectory own = DiffusersDirectory.open(directory);
    return vae.isBlank() ? own : own.withVae(Path.of(vae));
  }

  /** Whether it is the embedded teacher. */
  public boolean isStarter() {
    return STARTER.equals(model);
  }
}
