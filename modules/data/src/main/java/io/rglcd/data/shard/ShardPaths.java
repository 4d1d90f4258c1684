package io.rglcd.data.shard;

import io.rglcd.data.DataException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Finds local shards by path, brace range and glob. The list's order is part of a run's identity:
 * names come as written, what a glob finds comes sorted by name.
 */
public final class ShardPaths {

  private ShardPaths() {}

  /**
   * The shards that specifications stand for.
   *
   * @param specifications paths like {@code data/{00000..00003}.tar} or {@code data/*.tar}; a
   *     wildcard may stand in the file name only
   * @throws DataException naming a file that does not exist or a pattern that matches nothing
   */
  public static List<ShardSource> find(List<String> specifications) {
    return find(specifications, false);
  }

  /**
   * The same.
   *
   * @param evenMissing whether files that are named and do not exist are part of it
   */
  public static List<ShardSource> find(List<String> specifications, boolean evenMissing) {
    if (specifications.isEmpty()) {
      throw new DataException("shards: none given (expected: at least one path or pattern)");
    }
    List<ShardSource> shards = new ArrayList<>();
    for (String specification : specifications) {
      for (String name : BraceRange.expand(specification)) {
        addAll(shards, specification, name, evenMissing);
      }
    }
    return List.copyOf(shards);
  }

  private static void addAll(
      List<ShardSource> shards, String specification, String name, boolean evenMissing) {
    if (isGlob(name)) {
      shards.addAll(glob(name));
      return;
    }
    Path path = path(name);
    if (!Files.isRegularFile(path) && !(evenMissing && Files.notExists(path))) {
      String of = name.equals(specification) ? "" : " (of " + specification + ")";
      String found = Files.exists(path) ? " is not a file" : " does not exist";
      throw new DataException("shard " + name + of + found + " (expected: a tar file)");
    }
    shards.add(new LocalShard(path));
  }

  private static List<ShardSource> glob(String pattern) {
    int slash = pattern.lastIndexOf('/');
    String folder = slash < 0 ? "." : pattern.substring(0, slash + 1);
    if (isGlob(folder)) {
      throw new DataException(
          "shards: " + pattern + " (expected: wildcards in the file name only)");
    }
    Path directory = path(folder);
    TreeSet<Path> found = new TreeSet<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(directory, pattern.substring(slash + 1))) {
        files.forEach(file -> found.add(slash < 0 ? file.normalize() : file));
      } catch (IOException | RuntimeException e) {
        throw new DataException("shards: " + pattern + " cannot be listed: " + e.getMessage(), e);
      }
    }
    found.removeIf(file -> !Files.isRegularFile(file));
    if (found.isEmpty()) {
      throw new DataException("shards: no file matches " + pattern);
    }
    return found.stream().<ShardSource>map(LocalShard::new).toList();
  }

  private static boolean isGlob(String name) {
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
  }

  private static Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new DataException("shards: " + name + " is not a path: " + e.getReason(), e);
    }
  }
}
