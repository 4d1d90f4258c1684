package io.rglcd.cli.run;

import io.rglcd.cli.report.BadSampleLog;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cluster.TrainingEvent.EpochCompleted;
import io.rglcd.cluster.TrainingEvent.SamplesSkipped;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.LoadStatistics;
import io.rglcd.data.SamplePlace;
import io.rglcd.data.SampleRange;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Writes down which samples were not used, and says what became of an epoch's. */
final class SampleRecorder implements AutoCloseable {

  private final BatchLoader loader;
  private final LongSupplier nanos;
  private final BadSampleLog log;
  private LoadStatistics epochBegan;
  private long epochBeganNanos;

  /**
   * A recorder of a run that goes on from a step.
   *
   * @param nanos a clock of nanoseconds with any origin
   */
  SampleRecorder(OutputDirectory output, BatchLoader loader, long step, LongSupplier nanos) {
    this.loader = loader;
    this.nanos = nanos;
    this.log = BadSampleLog.open(output.resolve(BadSampleLog.FILE), step);
    beginEpoch();
  }

  void skipped(SamplesSkipped event) {
    for (SampleRange range : event.ranges()) {
      for (long at = range.start(); at < range.end(); at++) {
        SamplePlace place = loader.place(range.epoch(), at);
        log.add(
            new BadSampleLog.Line(
                event.step(), range.epoch(), at, place.shard(), place.key(), event.reason()));
      }
    }
  }

  /** What became of an epoch; bytes and rate are those of this process's loaders. */
  String completed(EpochCompleted event) {
    LoadStatistics here = loader.statistics().since(epochBegan);
    double seconds = Math.max(1e-9, (nanos.getAsLong() - epochBeganNanos) / 1e9);
    beginEpoch();
    return String.format(
        Locale.ROOT,
        "epoch %d: %,d samples used; %s; %.1f MiB read here, %.1f samples/s in %.1f s",
        event.epoch(),
        event.samples().committed(),
        event.samples(),
        here.bytes() / 1048576.0,
        here.samples() / seconds,
        seconds);
  }

  private void beginEpoch() {
    epochBegan = loader.statistics();
    epochBeganNanos = nanos.getAsLong();
  }

  @Override
  public void close() {
    log.close();
  }
}
