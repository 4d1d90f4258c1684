package io.rglcd.cli.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The committed steps of a run, in memory and as CSV, so that a run that goes on from a checkpoint
 * reports all of its steps. Each line is flushed; a line that a killed process left unfinished does
 * not count. A step that comes again replaces itself and all after it. Thread-safe.
 */
public final class StepLog implements AutoCloseable {

  /** Its name in a run's output directory. */
  public static final String FILE = "steps.csv";

  private static final String HEADER =
      "step,loss,distill_loss,reward,grad_norm,learning_rate,samples,seconds";
  private static final int COLUMNS = HEADER.split(",", -1).length;

  private final Path file;
  private final NavigableMap<Long, StepPoint> points;
  private final BufferedWriter writer;

  private StepLog(Path file, NavigableMap<Long, StepPoint> points) throws IOException {
    this.file = file;
    this.points = points;
    this.writer =
        Files.newBufferedWriter(file, StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
  }

  /**
   * Opens the log of a run that begins or goes on.
   *
   * @param last step that the run goes on from, 0 at its very start; later ones are forgotten
   * @throws OutputException if the file is damaged or cannot be written
   */
  public static StepLog open(Path file, long last) {
    try {
      NavigableMap<Long, StepPoint> points = new TreeMap<>();
      if (last > 0 && Files.exists(file)) {
        points.putAll(read(file).headMap(last, true));
      }
      StringBuilder kept = new StringBuilder(HEADER).append('\n');
      points.values().forEach(point -> kept.append(line(point)));
      OutputDirectory.write(file, kept.toString().getBytes(StandardCharsets.US_ASCII));
      return new StepLog(file, points);
    } catch (IOException e) {
      throw new OutputException("step log " + file, e);
    }
  }

  private static NavigableMap<Long, StepPoint> read(Path file) throws IOException {
    NavigableMap<Long, StepPoint> points = new TreeMap<>();
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\n", -1);
    for (int i = 1; i < lines.length - 1; i++) {
      put(points, point(file, i + 1, lines[i]));
    }
    return points;
  }

  private static StepPoint point(Path file, int number, String line) {
    String[] fields = line.split(",", -1);
    try {
      if (fields.length == COLUMNS) {
        return new StepPoint(
            Long.parseLong(fields[0]),
            Double.parseDouble(fields[1]),
            Double.parseDouble(fields[2]),
            Double.parseDouble(fields[3]),
            Double.parseDouble(fields[4]),
            Double.parseDouble(fields[5]),
            Long.parseLong(fields[6]),
            Double.parseDouble(fields[7]));
      }
    } catch (NumberFormatException e) {
      throw new OutputException(damaged(file, number, line), e);
    }
    throw new OutputException(damaged(file, number, line));
  }

  private static String damaged(Path file, int number, String line) {
    return "step log "
        + file
        + ", line "
        + number
        + ": "
        + line.strip()
        + " (expected: "
        + HEADER
        + "; without the file the run goes on, but its report begins here)";
  }

  private static String line(StepPoint point) {
    return point.step()
        + ","
        + point.loss()
        + ","
        + point.distill()
        + ","
        + point.reward()
        + ","
        + point.gradNorm()
        + ","
        + point.learningRate()
        + ","
        + point.samples()
        + ","
        + point.seconds()
        + "\n";
  }

  private static void put(NavigableMap<Long, StepPoint> points, StepPoint point) {
    points.tailMap(point.step(), true).clear();
    points.put(point.step(), point);
  }

  /**
   * Adds a step.
   *
   * @throws OutputException if the file cannot be written
   */
  public synchronized void add(StepPoint point) {
    put(points, point);
    try {
      writer.write(line(point));
      writer.flush();
    } catch (IOException e) {
      throw new OutputException("step log " + file, e);
    }
  }

  /** Every committed step in order. */
  public synchronized List<StepPoint> points() {
    return List.copyOf(points.values());
  }

  @Override
  public synchronized void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new OutputException("step log " + file, e);
    }
  }
}
