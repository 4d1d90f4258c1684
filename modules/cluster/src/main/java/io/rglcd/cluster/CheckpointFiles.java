package io.rglcd.cluster;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of checkpoints: {@code checkpoint-N} exists only when complete and durable; until
 * then it is {@code checkpoint-N.tmp}.
 */
public final class CheckpointFiles {

  /** Name of the file with term, generation, identity and ledger. */
  public static final String RUN = "run.json";

  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFiles.class);
  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,18})");
  private static final String UNFINISHED = ".tmp";

  private CheckpointFiles() {}

  /** The directory of a step's checkpoint. */
  public static Path directory(Path output, long step) {
    return output.resolve("checkpoint-" + step);
  }

  /**
   * The newest complete checkpoint of a directory. One that has lost a file or a byte since it was
   * written is passed over with a warning.
   *
   * @throws TrainingException if it cannot be listed or read
   */
  public static Optional<Path> newest(Path output) {
    if (!Files.isDirectory(output)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(output)) {
      return files
          .filter(path -> step(path) >= 0)
          .sorted(Comparator.comparingLong(CheckpointFiles::step).reversed())
          .filter(CheckpointFiles::isWhole)
          .findFirst();
    } catch (IOException e) {
      throw new TrainingException("cannot list " + output + ": " + e.getMessage(), e);
    }
  }

  private static boolean isWhole(Path directory) {
    Optional<String> problem = problem(directory);
    problem.ifPresent(text -> LOG.warn("{}; an older checkpoint is taken, if there is one", text));
    return problem.isEmpty();
  }

  /**
   * What is wrong with a checkpoint, in one sentence; empty if nothing is.
   *
   * @throws TrainingException if it cannot be read
   */
  static Optional<String> problem(Path directory) {
    try {
      return CheckpointSums.problem(directory);
    } catch (IOException e) {
      throw new TrainingException("cannot read " + directory + ": " + e.getMessage(), e);
    }
  }

  private static long step(Path directory) {
    Matcher name = NAME.matcher(directory.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  /** An empty directory for a checkpoint that is being written. */
  public static Path newUnfinished(Path output, long step) {
    return ScratchFiles.emptied(output.resolve("checkpoint-" + step + UNFINISHED));
  }

  /**
   * Completes a checkpoint: everything reaches the disk, then it takes its name.
   *
   * @return the directory under its name
   */
  public static Path publish(Path unfinished, long step, String runJson) {
    Path published = directory(unfinished.toAbsolutePath().getParent(), step);
    try {
      Files.writeString(unfinished.resolve(RUN), runJson);
      CheckpointSums.write(unfinished);
      try (Stream<Path> files = Files.walk(unfinished)) {
        for (Path path : files.toList()) {
          force(path);
        }
      }
      ScratchFiles.delete(published);
      Files.move(unfinished, published, StandardCopyOption.ATOMIC_MOVE);
      force(published.getParent());
      return published;
    } catch (IOException e) {
      throw failed(published, e);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static TrainingException failed(Path path, IOException e) {
    return new TrainingException("cannot write " + path + ": " + e.getMessage(), e);
  }
}
