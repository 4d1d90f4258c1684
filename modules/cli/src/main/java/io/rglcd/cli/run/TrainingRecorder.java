package io.rglcd.cli.run;

import io.rglcd.cli.report.ProgressView;
import io.rglcd.cli.report.StepLog;
import io.rglcd.cli.report.StepPoint;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.protocol.CommitRecord;
import java.util.Map;
import java.util.function.Consumer;

/** Writes down and shows what happens in a run: its steps, and what went wrong. */
final class TrainingRecorder implements TrainingListener {

  private final ProgressView progress;
  private final Metrics metrics;
  private final StepLog log;
  private final SampleRecorder samples;
  private final Consumer<String> checkpointWritten;

  /**
   * A recorder.
   *
   * @param checkpointWritten told the directory of each complete checkpoint
   */
  TrainingRecorder(
      ProgressView progress,
      Metrics metrics,
      StepLog log,
      SampleRecorder samples,
      Consumer<String> checkpointWritten) {
    this.progress = progress;
    this.metrics = metrics;
    this.log = log;
    this.samples = samples;
    this.checkpointWritten = checkpointWritten;
  }

  @Override
  public void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.StepCommitted committed) {
      committed(committed);
    } else if (event instanceof TrainingEvent.StepAborted aborted) {
      progress.message("step " + aborted.key().step().value() + " repeated: " + aborted.reason());
    } else if (event instanceof TrainingEvent.WorkerLost lost) {
      progress.message("worker " + lost.worker().value() + " lost: " + lost.reason());
    } else if (event instanceof TrainingEvent.SamplesSkipped skipped) {
      samples.skipped(skipped);
    } else if (event instanceof TrainingEvent.EpochCompleted epoch) {
      progress.message(samples.completed(epoch));
    } else if (event instanceof TrainingEvent.CheckpointWritten written) {
      checkpointWritten.accept(written.directory());
    }
  }

  private void committed(TrainingEvent.StepCommitted committed) {
    CommitRecord record = committed.record();
    long step = record.key().step().value();
    double rate = record.samples() / Math.max(1e-9, committed.seconds().total());
    log.add(StepPoint.of(committed));
    metrics.scalars(
        step,
        Map.of(
            "train/loss", record.loss(),
            "train/distill_loss", record.distill(),
            "train/reward", record.reward(),
            "train/grad_norm", record.gradNorm(),
            "train/lr", record.learningRate(),
            "train/samples_per_second", rate));
    progress.onStep(step, record.loss(), record.reward(), rate);
  }
}
