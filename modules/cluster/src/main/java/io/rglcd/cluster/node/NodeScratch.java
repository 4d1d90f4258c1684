package io.rglcd.cluster.node;

import io.rglcd.cluster.ScratchFiles;
import io.rglcd.cluster.TrainingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node keeps in files for as long as it lives. It holds them locked: so what killed nodes
 * have left is known, and removed by the next that starts.
 */
final class NodeScratch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeScratch.class);
  private static final String PREFIX = "rglcd-scratch-";
  private static final String LOCK = "lock";

  /** Who has just made its directory may not have locked it yet. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final Path directory;
  private final FileChannel lock;

  private NodeScratch(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * A directory of its own for a node.
   *
   * @param parent where nodes of this machine have theirs
   * @param node its name, of this life
   * @throws TrainingException if it cannot be made
   */
  static NodeScratch open(Path parent, String node) {
    Path directory = parent.resolve(PREFIX + node);
    try {
      Files.createDirectories(directory);
      removeAbandoned(parent);
      FileChannel lock =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock.lock();
      return new NodeScratch(directory, lock);
    } catch (IOException | UncheckedIOException e) {
      throw new TrainingException(
          "nothing can be kept in "
              + parent
              + ": "
              + e
              + " (cluster.scratch-dir can name another directory)",
          e);
    }
  }

  private static void removeAbandoned(Path parent) throws IOException {
    List<Path> others;
    try (Stream<Path> all = Files.list(parent)) {
      others = all.filter(path -> path.getFileName().toString().startsWith(PREFIX)).toList();
    }
    others.stream().filter(NodeScratch::isAbandoned).forEach(NodeScratch::remove);
  }

  /** What cannot be found out belongs to somebody. */
  private static boolean isAbandoned(Path directory) {
    Path file = directory.resolve(LOCK);
    try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
      Instant made = Files.getLastModifiedTime(file).toInstant();
      return made.isBefore(Instant.now().minus(YOUNG)) && lock.tryLock() != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }

  /** Another node may be removing it, too. */
  private static void remove(Path directory) {
    try {
      ScratchFiles.delete(directory);
    } catch (TrainingException | UncheckedIOException e) {
      LOG.debug("{} is not removed", directory, e);
    }
  }

  Path directory() {
    return directory;
  }

  /** Removes the directory. */
  @Override
  public void close() {
    ScratchFiles.delete(directory);
    try {
      lock.close();
    } catch (IOException e) {
      throw new TrainingException("cannot unlock " + directory + ": " + e, e);
    }
  }
}
