package io.rglcd.starter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies the embedded files into {@code CACHE/starter-VERSION}. The directory appears under that
 * name only when it is complete: files go to a {@code .partial} sibling first, which is renamed. A
 * lock file keeps other processes out meanwhile; the operating system drops the lock of a process
 * that dies, and what it left is thrown away by the next one.
 */
final class Unpacker {

  private static final Object IN_THIS_JVM = new Object();

  private final StarterIndex index;
  private final Path cache;

  Unpacker(StarterIndex index, Path cache) {
    this.index = index;
    this.cache = cache;
  }

  /** The complete directory, unpacked now if it was not there. */
  Path unpack() {
    Path target = cache.resolve("starter-" + index.version());
    if (index.isComplete(target)) {
      return target;
    }
    try {
      Files.createDirectories(cache);
      synchronized (IN_THIS_JVM) {
        unpackLocked(target);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new StarterException(
          "starter cache "
              + cache
              + ": cannot be written: "
              + reason(e)
              + " (expected: a writable directory with "
              + (index.totalSize() / 1_000_000 + 1)
              + " MB free; choose another one)",
          e);
    }
    return target;
  }

  private void unpackLocked(Path target) throws IOException {
    Path lockFile = cache.resolve("starter-" + index.version() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && index.isComplete(target)) {
        return;
      }
      Path partial = cache.resolve("starter-" + index.version() + ".partial");
      delete(partial);
      try {
        for (StarterIndex.Entry entry : index.entries()) {
          copy(entry, partial.resolve(entry.path()));
        }
        delete(target);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(partial);
      }
    }
  }

  private static void copy(StarterIndex.Entry entry, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    DigestInputStream in =
        new DigestInputStream(StarterIndex.open(entry.path()), StarterIndex.sha256());
    try (InputStream closing = in) {
      Files.copy(closing, file);
    }
    String found = HexFormat.of().formatHex(in.getMessageDigest().digest());
    if (!found.equals(entry.sha256())) {
      throw new StarterException(
          "starter: "
              + entry.path()
              + " has SHA-256 "
              + found
              + " (expected: "
              + entry.sha256()
              + "; the jar is damaged, build it again)");
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(directory)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
