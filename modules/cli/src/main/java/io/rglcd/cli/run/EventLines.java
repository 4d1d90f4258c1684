package io.rglcd.cli.run;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingListener;
import io.rglcd.cluster.protocol.CommitRecord;
import java.io.PrintWriter;
import java.util.Locale;

/** What happens in a cluster's run, a line each, on the node whose coordinator drives it. */
final class EventLines implements TrainingListener {

  private final PrintWriter out;

  EventLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public synchronized void on(TrainingEvent event) {
    if (event instanceof TrainingEvent.StepCommitted committed) {
      CommitRecord record = committed.record();
      line(
          "step %d: loss %.4f, reward %.3f, %d samples, %.2f s",
          committed.step(),
          record.loss(),
          record.reward(),
          record.samples(),
          committed.seconds().total());
    } else if (event instanceof TrainingEvent.Started started) {
      line("from step %d with %s", started.step(), started.members());
    } else if (event instanceof TrainingEvent.StepAborted aborted) {
      line("step %d repeated: %s", aborted.key().step().value(), aborted.reason());
    } else if (event instanceof TrainingEvent.WorkerJoined joined) {
      line("%s takes part", joined.worker());
    } else if (event instanceof TrainingEvent.WorkerLost lost) {
      line("%s is gone: %s", lost.worker(), lost.reason());
    } else if (event instanceof TrainingEvent.SamplesSkipped skipped) {
      line("%d samples not used: %s", skipped.samples(), skipped.reason());
    } else if (event instanceof TrainingEvent.Rewound rewound) {
      line("nobody holds step %d: going back to step %d", rewound.from(), rewound.to());
    } else if (event instanceof TrainingEvent.Paused paused) {
      line("waiting: %d workers of at least %d", paused.members(), paused.minWorkers());
    } else if (event instanceof TrainingEvent.CheckpointWritten written) {
      line("checkpoint %s", written.directory());
    }
  }

  /** Tells a sentence. */
  synchronized void say(String sentence) {
    line("%s", sentence);
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
