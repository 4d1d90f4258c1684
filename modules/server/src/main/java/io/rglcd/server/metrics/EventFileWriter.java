package io.rglcd.server.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Writes scalars as a TensorBoard event file: TFRecord framing (length, masked CRC32C of the
 * length, data, masked CRC32C of the data, little-endian) around {@code tensorflow.Event} messages.
 * Each record is flushed, so that a board shows a run while it lasts. Safe for use by several
 * threads.
 */
public final class EventFileWriter implements AutoCloseable {

  private static final int MASK_DELTA = 0xa282ead8;

  private final Clock clock;
  private final Path file;
  private final OutputStream out;

  private EventFileWriter(Clock clock, Path file) throws IOException {
    this.clock = clock;
    this.file = file;
    this.out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
  }

  /**
   * Starts a new file in a directory.
   *
   * @param directory made if it does not exist
   * @param clock of the events' wall time and the file's name
   * @throws UncheckedIOException if the file cannot be written
   */
  public static EventFileWriter create(Path directory, Clock clock) {
    Path file = directory.resolve("events.out.tfevents." + clock.millis() + ".rglcd");
    try {
      Files.createDirectories(directory);
      EventFileWriter writer = new EventFileWriter(clock, file);
      writer.append(EventMessage.fileVersion(writer.wallTime()));
      return writer;
    } catch (IOException e) {
      throw new UncheckedIOException("metrics file " + file + ": cannot be written", e);
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /**
   * Adds one event.
   *
   * @param step of the run
   * @param values tag to value, in that order
   * @throws UncheckedIOException if the file cannot be written
   */
  public synchronized void scalars(long step, Map<String, Double> values) {
    try {
      append(EventMessage.scalars(wallTime(), step, values));
    } catch (IOException e) {
      throw new UncheckedIOException("metrics file " + file + ": cannot be written", e);
    }
  }

  /**
   * Adds one event of one value.
   *
   * @param tag name of the curve, such as {@code train/loss}
   * @param step of the run
   * @param value on the curve
   * @throws UncheckedIOException if the file cannot be written
   */
  public void scalar(String tag, long step, double value) {
    scalars(step, Map.of(tag, value));
  }

  @Override
  public synchronized void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException("metrics file " + file + ": cannot be closed", e);
    }
  }

  private double wallTime() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }

  private void append(byte[] data) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedCrc(record.array(), 0, 8));
    record.put(data);
    record.putInt(maskedCrc(data, 0, data.length));
    out.write(record.array());
    out.flush();
  }

  private static int maskedCrc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
