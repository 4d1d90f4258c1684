package io.rglcd.cli.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Keeps the newest checkpoints of a directory and deletes the others. */
final class CheckpointRetention {

  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)");

  private final Path output;
  private final int kept;

  CheckpointRetention(Path output, int kept) {
    this.output = output;
    this.kept = kept;
  }

  /** Deletes what is older than the newest. */
  void apply() {
    try (Stream<Path> files = Files.list(output)) {
      List<Path> newestFirst =
          files
              .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
              .sorted(Comparator.comparingLong(CheckpointRetention::step).reversed())
              .toList();
      for (Path old : newestFirst.subList(Math.min(kept, newestFirst.size()), newestFirst.size())) {
        delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("old checkpoints of " + output + " cannot be deleted", e);
    }
  }

  private static long step(Path checkpoint) {
    return Long.parseLong(checkpoint.getFileName().toString().substring("checkpoint-".length()));
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
