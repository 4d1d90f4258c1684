package io.rglcd.cli.run;

import io.rglcd.cli.config.LoggingConfig;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.server.metrics.EventFileWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Where the curves of a run go: event files for TensorBoard, or nowhere. Thread-safe. */
final class Metrics implements AutoCloseable {

  private final Optional<EventFileWriter> events;

  private Metrics(Optional<EventFileWriter> events) {
    this.events = events;
  }

  /** As configured, below the output directory. */
  static Metrics open(LoggingConfig config, OutputDirectory output, Clock clock) {
    if (!config.writesEvents()) {
      return new Metrics(Optional.empty());
    }
    Path directory = output.resolve(config.loggingDir()).resolve(config.trackerProjectName());
    return new Metrics(Optional.of(EventFileWriter.create(directory, clock)));
  }

  /** Adds one point to each of some curves. */
  void scalars(long step, Map<String, Double> values) {
    events.ifPresent(writer -> writer.scalars(step, values));
  }

  @Override
  public void close() {
    events.ifPresent(EventFileWriter::close);
  }
}
