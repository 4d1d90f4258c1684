package io.rglcd.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The directory that a run writes to. It remembers the configuration, so that a run is never
 * continued with another one.
 */
public final class OutputDirectory {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String CONFIG = "config.json";

  private final Path root;

  private OutputDirectory(Path root) {
    this.root = root;
  }

  /**
   * Makes or takes a directory and tries to write to it.
   *
   * @param needBytes that must be free
   * @param identity the run's configuration by key, without what may differ on a resume
   * @throws OutputException if it is no directory, cannot be written, is too full, or belongs to a
   *     run with another configuration
   */
  public static OutputDirectory open(Path root, long needBytes, Map<String, String> identity) {
    try {
      Files.createDirectories(root);
      Path probe = Files.createTempFile(root, ".probe", "");
      Files.delete(probe);
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < needBytes) {
        throw new OutputException(
            "output directory "
                + root
                + ": "
                + (free >> 20)
                + " MiB free (expected: at least "
                + (needBytes >> 20)
                + " MiB)");
      }
      Path remembered = root.resolve(CONFIG);
      if (Files.exists(remembered)) {
        requireEqual(root, remembered, identity);
      }
      OutputDirectory directory = new OutputDirectory(root);
      directory.write(CONFIG, JSON.writeValueAsBytes(new TreeMap<>(identity)));
      return directory;
    } catch (FileAlreadyExistsException e) {
      throw new OutputException("output directory " + root + ": is a file");
    } catch (IOException e) {
      throw new OutputException("output directory " + root, e);
    }
  }

  private static void requireEqual(Path root, Path remembered, Map<String, String> identity)
      throws IOException {
    JsonNode theirs = JSON.readTree(remembered.toFile());
    TreeSet<String> keys = new TreeSet<>(identity.keySet());
    theirs.fieldNames().forEachRemaining(keys::add);
    for (String key : keys) {
      String before = theirs.path(key).asText("unset");
      String now = identity.getOrDefault(key, "unset");
      if (!before.equals(now)) {
        throw new OutputException(
            "output directory "
                + root
                + " belongs to another run: "
                + key
                + " is "
                + now
                + " (expected: "
                + before
                + ", or another directory)");
      }
    }
  }

  /** A place in it. */
  public Path resolve(String name) {
    return root.resolve(name);
  }

  /** Whether a file is in it. */
  public boolean holds(String name) {
    return Files.isRegularFile(root.resolve(name));
  }

  /** Writes a file as a whole. */
  public void write(String name, byte[] content) {
    write(root.resolve(name), content);
  }

  /**
   * Writes a file as a whole: complete under its name, or not at all.
   *
   * @throws OutputException if it cannot be written
   */
  public static void write(Path file, byte[] content) {
    Path target = file.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      Path temporary = Files.createTempFile(target.getParent(), "." + target.getFileName(), ".new");
      try {
        Files.write(temporary, content);
        Files.move(
            temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw new OutputException("file " + file, e);
    }
  }
}
