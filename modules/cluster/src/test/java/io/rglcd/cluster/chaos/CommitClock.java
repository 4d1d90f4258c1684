package io.rglcd.cluster.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Takes the time from a kill to the next record in the log. */
final class CommitClock {

  private final Path log;
  private final LongSupplier nanos;
  private final List<Duration> recoveries = new ArrayList<>();
  private Optional<Long> killedAt = Optional.empty();
  private long length;
  private long grownAt;

  CommitClock(Path log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
    this.grownAt = nanos.getAsLong();
  }

  /** A process was killed just now; if the last kill is not got over yet, that one counts. */
  void killed() {
    look();
    if (killedAt.isEmpty()) {
      killedAt = Optional.of(nanos.getAsLong());
    }
  }

  /** Notices whether the log has grown. */
  void look() {
    long now = lengthNow();
    if (now > length) {
      length = now;
      grownAt = nanos.getAsLong();
      killedAt.ifPresent(since -> recoveries.add(Duration.ofNanos(grownAt - since)));
      killedAt = Optional.empty();
    }
  }

  /** How long nothing was committed, up to now. */
  Duration quiet() {
    return Duration.ofNanos(nanos.getAsLong() - grownAt);
  }

  List<Duration> recoveries() {
    return recoveries;
  }

  private long lengthNow() {
    if (!Files.isDirectory(log)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(log)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
