package io.rglcd.cli.report;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how a run goes on: a live bar on a terminal, plain lines elsewhere. */
public final class ProgressView implements AutoCloseable {

  /** Set to true by the launcher where standard error is a terminal. */
  private static final String TERMINAL = "rglcd.terminal";

  private static final int LINES = 20;

  private final PrintWriter out;
  private final long total;
  private final LongSupplier nanoTime;
  private final ProgressBar bar;
  private long firstStep;
  private long firstNanos;

  private ProgressView(PrintWriter out, long total, LongSupplier nanoTime, ProgressBar bar) {
    this.out = out;
    this.total = total;
    this.nanoTime = nanoTime;
    this.bar = bar;
  }

  /**
   * A bar on standard error if there is a terminal, else lines to the writer.
   *
   * @param total steps of the run
   */
  public static ProgressView open(PrintWriter out, long total) {
    return !Boolean.getBoolean(TERMINAL)
        ? lines(out, total, System::nanoTime)
        : new ProgressView(out, total, System::nanoTime, bar(total));
  }

  /** Plain lines, timed by the given clock. */
  static ProgressView lines(PrintWriter out, long total, LongSupplier nanoTime) {
    return new ProgressView(out, total, nanoTime, null);
  }

  private static ProgressBar bar(long total) {
    return new ProgressBarBuilder()
        .setTaskName("distil")
        .setInitialMax(total)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .build();
  }

  /**
   * Shows a committed step.
   *
   * @param step number, from 1
   * @param loss consistency loss
   * @param reward mean reward, NaN for none
   * @param samplesPerSecond of the step
   */
  public synchronized void onStep(long step, double loss, double reward, double samplesPerSecond) {
    boolean first = firstStep == 0;
    if (first) {
      firstStep = step;
      firstNanos = nanoTime.getAsLong();
    }
    String numbers =
        String.format(Locale.ROOT, "loss %.4f", loss)
            + (Double.isNaN(reward) ? "" : String.format(Locale.ROOT, ", reward %.3f", reward))
            + String.format(Locale.ROOT, ", %.1f samples/s", samplesPerSecond);
    if (bar != null) {
      bar.setExtraMessage(" " + numbers);
      bar.stepTo(step);
    } else if (first || step == total || step % Math.max(1, total / LINES) == 0) {
      message("step " + step + "/" + total + ", " + numbers + (first ? "" : remaining(step)));
    }
  }

  private String remaining(long step) {
    double secondsPerStep =
        (double) (nanoTime.getAsLong() - firstNanos) / 1e9 / (double) (step - firstStep);
    return ", " + Math.round(secondsPerStep * (double) (total - step)) + " s left";
  }

  /** Shows one line of text. */
  public synchronized void message(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
