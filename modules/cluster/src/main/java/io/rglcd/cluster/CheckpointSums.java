package io.rglcd.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What a checkpoint's files were when it was written: one line {@code CRC32C BYTES NAME} for each,
 * and one with the CRC32C of these lines, in a file beside them. A checkpoint that has lost a file,
 * or a byte of one, is told from a whole one by it.
 */
final class CheckpointSums {

  private static final String NAME = "checksums.txt";
  private static final int BUFFER = 1 << 20;

  private CheckpointSums() {}

  /** Notes all files of a directory. */
  static void write(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        lines.add(line(file, directory.relativize(file).toString()));
      }
    }
    lines.add(checksum(lines));
    Files.write(directory.resolve(NAME), lines);
  }

  /**
   * What is wrong with a checkpoint, in one sentence; empty if its files are those that were
   * written.
   *
   * @throws IOException if it cannot be read
   */
  static Optional<String> problem(Path directory) throws IOException {
    Path sums = directory.resolve(NAME);
    if (!Files.isRegularFile(sums)) {
      return Optional.of(directory + " is not complete: it has no file " + NAME);
    }
    List<String> lines = Files.readAllLines(sums);
    List<String> files = lines.subList(0, Math.max(0, lines.size() - 1));
    if (!lines.equals(Stream.concat(files.stream(), Stream.of(checksum(files))).toList())) {
      return Optional.of(sums + " is damaged");
    }
    for (String expected : files) {
      String name = expected.split(" ", 3)[2];
      Path file = directory.resolve(name);
      if (!Files.isRegularFile(file)) {
        return Optional.of(directory + " is not complete: it has no file " + name);
      }
      if (!line(file, name).equals(expected)) {
        return Optional.of(file + " is damaged: it is not what was written");
      }
    }
    return Optional.empty();
  }

  private static String checksum(List<String> lines) {
    CRC32C crc = new CRC32C();
    crc.update(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  private static String line(Path file, String name) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    long length = 0;
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer) >= 0) {
        length += buffer.flip().remaining();
        crc.update(buffer);
        buffer.clear();
      }
    }
    return String.format("%08x %d %s", crc.getValue(), length, name);
  }
}
