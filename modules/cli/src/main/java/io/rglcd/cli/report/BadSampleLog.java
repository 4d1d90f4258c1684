package io.rglcd.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The samples that were not used, a JSON object a line. A line that a killed process left
 * unfinished goes, and so do those of steps that are done again. For one thread.
 */
public final class BadSampleLog implements AutoCloseable {

  /** Its name in a run's output directory. */
  public static final String FILE = "bad-samples.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A sample that was not used.
   *
   * @param step in which that was settled
   * @param epoch from 0
   * @param position in the epoch's order
   * @param shard name of its shard
   * @param key in the shard
   * @param reason as the ledger counts it
   */
  public record Line(
      long step, long epoch, long position, String shard, String key, String reason) {}

  private final Path file;
  private final BufferedWriter writer;

  private BadSampleLog(Path file) throws IOException {
    this.file = file;
    this.writer =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Opens the log of a run that begins or goes on.
   *
   * @param last step that the run goes on from, 0 at its very start; later ones are forgotten
   * @throws OutputException if the file cannot be read or written
   */
  public static BadSampleLog open(Path file, long last) {
    try {
      StringBuilder kept = new StringBuilder();
      if (last > 0 && Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          if (step(line) <= last) {
            kept.append(line).append('\n');
          }
        }
      }
      OutputDirectory.write(file, kept.toString().getBytes(StandardCharsets.UTF_8));
      return new BadSampleLog(file);
    } catch (IOException e) {
      throw new OutputException("list of bad samples " + file, e);
    }
  }

  /** The step of a line; more than any for what is no whole line. */
  private static long step(String line) {
    try {
      JsonNode step = JSON.readTree(line).get("step");
      return step == null ? Long.MAX_VALUE : step.asLong(Long.MAX_VALUE);
    } catch (JsonProcessingException e) {
      return Long.MAX_VALUE;
    }
  }

  /**
   * Adds a sample.
   *
   * @throws OutputException if the file cannot be written
   */
  public void add(Line line) {
    try {
      writer.write(JSON.writeValueAsString(line));
      writer.newLine();
      writer.flush();
    } catch (IOException e) {
      throw new OutputException("list of bad samples " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new OutputException("list of bad samples " + file, e);
    }
  }
}
