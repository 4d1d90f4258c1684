package io.rglcd.cli.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Shows how a run goes on: a live bar on a terminal, plain lines elsewhere. */
public final class ProgressView implements AutoCloseable {

  /** Set to true by the launcher where standard error is a terminal. */
  private static final String TERMINAL = "rglcd.terminal";

  private static final int LINES = 20;

  private final PrintWriter out;
  private final long total;
  private final LongSupplier nanoTime;
  private final BarConsole console;
  private final ProgressBar bar;
  private volatile BarLine line;
  private long firstStep;
  private long firstNanos;

  private ProgressView(
      PrintWriter out, String unit, long total, LongSupplier nanoTime, BarConsole console) {
    this.out = out;
    this.total = total;
    this.nanoTime = nanoTime;
    this.console = console;
    this.line = new BarLine(unit, 0, total, List.of());
    this.bar = console == null ? null : bar();
  }

  /**
   * A bar on standard error if there is a terminal, else lines to the writer.
   *
   * @param unit what is counted
   * @param total at the end
   */
  public static ProgressView open(PrintWriter out, String unit, long total) {
    return Boolean.getBoolean(TERMINAL)
        ? bar(out, unit, total, System::nanoTime, new BarConsole(System.err))
        : lines(out, total, System::nanoTime);
  }

  /** Plain lines, timed by the given clock. */
  static ProgressView lines(PrintWriter out, long total, LongSupplier nanoTime) {
    return new ProgressView(out, "step", total, nanoTime, null);
  }

  /** A bar, timed by the given clock. */
  static ProgressView bar(
      PrintWriter out, String unit, long total, LongSupplier nanoTime, BarConsole console) {
    return new ProgressView(out, unit, total, nanoTime, console);
  }

  private ProgressBar bar() {
    return new ProgressBarBuilder()
        .setInitialMax(total)
        .setRenderer((state, width) -> line.fit(width))
        .setConsumer(console)
        .setUpdateIntervalMillis(200)
        .build();
  }

  /**
   * Shows a committed step.
   *
   * @param step number, from 1
   * @param loss the objective
   * @param reward mean reward, NaN for none
   * @param samplesPerSecond of the step
   */
  public synchronized void onStep(long step, double loss, double reward, double samplesPerSecond) {
    boolean first = firstStep == 0;
    if (first) {
      firstStep = step;
      firstNanos = nanoTime.getAsLong();
    }
    List<String> figures = new ArrayList<>();
    figures.add(String.format(Locale.ROOT, "loss %.4f", loss));
    if (!Double.isNaN(reward)) {
      figures.add(String.format(Locale.ROOT, "reward %.3f", reward));
    }
    if (step > firstStep && step < total) {
      figures.add(BarLine.duration(secondsLeft(step)) + " left");
    }
    figures.add(String.format(Locale.ROOT, "%.1f samples/s", samplesPerSecond));
    if (bar != null) {
      draw(step, figures);
    } else if (first || step == total || step % Math.max(1, total / LINES) == 0) {
      message("step " + step + "/" + total + ", " + String.join(", ", figures));
    }
  }

  /** Shows how many are done; nothing where there is no bar. */
  public synchronized void onCount(long count) {
    if (bar != null) {
      draw(count, List.of());
    }
  }

  private void draw(long count, List<String> figures) {
    line = new BarLine(line.unit(), count, total, figures);
    bar.stepTo(count);
  }

  private long secondsLeft(long step) {
    double secondsPerStep =
        (double) (nanoTime.getAsLong() - firstNanos) / 1e9 / (double) (step - firstStep);
    return Math.round(secondsPerStep * (double) (total - step));
  }

  /** Shows one line of text, above the bar where there is one. */
  public synchronized void message(String text) {
    Runnable print =
        () -> {
          out.println(text);
          out.flush();
        };
    if (console == null) {
      print.run();
    } else {
      console.above(print);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      // The library's last drawing may still be waiting in its timer: the end is drawn here.
      console.accept(line.fit(console.getMaxRenderedLength()));
      console.close();
    }
  }
}
