package io.rglcd.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Directories that hold something for a while. */
public final class ScratchFiles {

  private ScratchFiles() {}

  /**
   * Makes a directory if it is missing.
   *
   * @throws TrainingException if it cannot be made
   */
  public static Path create(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new TrainingException("cannot make " + directory + ": " + e.getMessage(), e);
    }
  }

  /**
   * An empty directory, whatever was there.
   *
   * @throws TrainingException if it cannot be made
   */
  public static Path emptied(Path directory) {
    delete(directory);
    return create(directory);
  }

  /**
   * Removes a directory with all in it, if it is there.
   *
   * @throws TrainingException if it cannot be removed
   */
  public static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new TrainingException("cannot remove " + directory + ": " + e.getMessage(), e);
    }
  }
}
