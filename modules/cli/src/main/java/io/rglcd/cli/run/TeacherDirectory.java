package io.rglcd.cli.run;

import io.rglcd.cli.config.TeacherConfig;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.models.DiffusersDirectory;
import io.rglcd.starter.Starter;
import java.nio.file.Path;

/** Where the teacher that a configuration names lies. */
final class TeacherDirectory {

  private TeacherDirectory() {}

  /**
   * Opens it, unpacking the embedded one.
   *
   * @throws RuntimeException saying in one sentence what is missing
   */
  static DiffusersDirectory open(TrainConfig config) {
    TeacherConfig teacher = config.teacher();
    return teacher.open(
        teacher.isStarter() ? Starter.unpack().teacher() : Path.of(teacher.model()));
  }
}
