package io.rglcd.cli.run;

import io.rglcd.cli.report.ProgressView;
import io.rglcd.cli.report.StepPoint;
import io.rglcd.cluster.StepSeconds;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.protocol.CommitRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Keeps what happened in a run and shows it: progress, metrics, curves, and counts of what went
 * wrong.
 */
final class TrainingRecorder implements TrainingListener {

  private final ProgressView progress;
  private final Metrics metrics;
  private final Consumer<String> checkpointWritten;
  private final List<StepPoint> points = new ArrayList<>();
  private final Map<String, Long> skipped = new TreeMap<>();
  private long samples;
  private double seconds;

  /**
   * Starts with nothing recorded.
   *
   * @param checkpointWritten told the directory of each complete checkpoint
   */
  TrainingRecorder(ProgressView progress, Metrics metrics, Consumer<String> checkpointWritten) {
    this.progress = progress;
    this.metrics = metrics;
    this.checkpointWritten = checkpointWritten;
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.StepCommitted committed) {
      committed(committed.record(), committed.seconds());
    } else if (event instanceof TrainingEvent.StepAborted aborted) {
      progress.message("step " + aborted.key().step().value() + " repeated: " + aborted.reason());
    } else if (event instanceof TrainingEvent.SamplesSkipped skip) {
      skipped.merge(skip.reason(), skip.samples(), Long::sum);
    } else if (event instanceof TrainingEvent.WorkerLost lost) {
      progress.message("worker " + lost.worker().value() + " lost: " + lost.reason());
    } else if (event instanceof TrainingEvent.CheckpointWritten written) {
      checkpointWritten.accept(written.directory());
    }
  }

  private void committed(CommitRecord record, StepSeconds time) {
    long step = record.key().step().value();
    samples += record.samples();
    seconds += time.total();
    points.add(
        new StepPoint(
            step,
            record.loss(),
            record.distill(),
            record.reward(),
            record.gradNorm(),
            record.learningRate(),
            time.total()));
    metrics.scalars(
        step,
        Map.of(
            "train/loss", record.loss(),
            "train/distill_loss", record.distill(),
            "train/reward", record.reward(),
            "train/grad_norm", record.gradNorm(),
            "train/lr", record.learningRate(),
            "train/samples_per_second", record.samples() / Math.max(1e-9, time.total())));
    double rate = record.samples() / Math.max(1e-9, time.total());
    progress.onStep(step, record.distill(), record.reward(), rate);
  }

  /** Every committed step in order. */
  synchronized List<StepPoint> points() {
    return List.copyOf(points);
  }

  /** Samples that contributed to a committed step. */
  synchronized long samples() {
    return samples;
  }

  /** Reason to number of samples that were not used. */
  synchronized Map<String, Long> skipped() {
    return new TreeMap<>(skipped);
  }

  /** Duration of the committed steps. */
  synchronized double seconds() {
    return seconds;
  }
}
