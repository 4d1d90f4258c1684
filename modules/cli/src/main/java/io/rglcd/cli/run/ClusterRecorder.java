package io.rglcd.cli.run;

import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cli.report.OutputException;
import io.rglcd.cli.report.StepLog;
import io.rglcd.cli.report.StepPoint;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.data.BatchLoader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Tells and writes down what happens in a cluster's run, on the node whose coordinator drives it:
 * the step log in the shared output directory goes on where the coordinator before left it. The run
 * does not end because one of these cannot be written.
 */
final class ClusterRecorder implements TrainingListener, AutoCloseable {

  private final OutputDirectory output;
  private final CheckpointRetention retention;
  private final BatchLoader loader;
  private final EventLines lines;
  private Optional<SampleRecorder> samples = Optional.empty();
  private Optional<StepLog> log = Optional.empty();

  ClusterRecorder(
      OutputDirectory output, CheckpointRetention retention, BatchLoader loader, PrintWriter out) {
    this.loader = loader;
    this.output = output;
    this.retention = retention;
    this.lines = new EventLines(out);
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    lines.on(event);
    try {
      record(event);
    } catch (OutputException | UncheckedIOException e) {
      lines.say(e.getMessage());
    }
  }

  private void record(TrainingEvent event) {
    if (event instanceof TrainingEvent.Started started) {
      begin(started.step());
    } else if (event instanceof TrainingEvent.Rewound rewound) {
      begin(rewound.to());
    } else if (event instanceof TrainingEvent.StepCommitted committed) {
      log.ifPresent(steps -> steps.add(StepPoint.of(committed)));
    } else if (event instanceof TrainingEvent.SamplesSkipped skipped) {
      samples.ifPresent(recorder -> recorder.skipped(skipped));
    } else if (event instanceof TrainingEvent.EpochCompleted epoch) {
      samples.ifPresent(recorder -> lines.say(recorder.completed(epoch)));
    } else if (event instanceof TrainingEvent.CheckpointWritten) {
      retention.apply();
    }
  }

  private void begin(long step) {
    close();
    log = Optional.of(StepLog.open(output.resolve(StepLog.FILE), step));
    samples = Optional.of(new SampleRecorder(output, loader, step, System::nanoTime));
  }

  @Override
  public synchronized void close() {
    log.ifPresent(StepLog::close);
    log = Optional.empty();
    samples.ifPresent(SampleRecorder::close);
    samples = Optional.empty();
  }
}
