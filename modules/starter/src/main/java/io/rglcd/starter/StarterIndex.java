package io.rglcd.starter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The list of embedded files, {@code starter/index.txt}: one line a file, {@code sha256 size path}.
 *
 * @param entries the files, by path
 * @param version the first 12 hexadecimal digits of the list's own SHA-256; other content, other
 *     version
 */
record StarterIndex(List<Entry> entries, String version) {

  /** Folder of the resources on the class path. */
  static final String ROOT = "/starter/";

  /**
   * One embedded file.
   *
   * @param sha256 of its content, hexadecimal
   * @param size bytes
   * @param path below {@link #ROOT}, with forward slashes
   */
  record Entry(String sha256, long size, String path) {

    static Entry parse(String line) {
      String[] parts = line.split(" ", 3);
      return new Entry(parts[0], Long.parseLong(parts[1]), parts[2]);
    }
  }

  /** Reads the list from the class path. */
  static StarterIndex load() {
    try (InputStream in = open("index.txt")) {
      byte[] bytes = in.readAllBytes();
      String text = new String(bytes, StandardCharsets.UTF_8);
      return new StarterIndex(
          text.lines().map(Entry::parse).toList(),
          HexFormat.of().formatHex(sha256().digest(bytes)).substring(0, 12));
    } catch (IOException e) {
      throw new StarterException("starter: the embedded index cannot be read", e);
    }
  }

  /** Opens one resource below {@link #ROOT}. */
  static InputStream open(String path) {
    InputStream in = StarterIndex.class.getResourceAsStream(ROOT + path);
    if (in == null) {
      throw new StarterException(
          "starter: " + path + " is not on the class path (expected: the rglcd-starter jar)");
    }
    return in;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether every file lies below that directory with its size. */
  boolean isComplete(Path directory) {
    return entries.stream().allMatch(entry -> hasSize(directory.resolve(entry.path()), entry));
  }

  private static boolean hasSize(Path file, Entry entry) {
    try {
      return Files.isRegularFile(file) && Files.size(file) == entry.size();
    } catch (IOException e) {
      return false;
    }
  }

  /** Size of all files together, bytes. */
  long totalSize() {
    return entries.stream().mapToLong(Entry::size).sum();
  }
}
