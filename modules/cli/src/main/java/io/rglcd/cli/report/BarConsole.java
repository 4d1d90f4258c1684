package io.rglcd.cli.report;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/** The last line of a terminal, redrawn in place, with room for lines of text above it. */
final class BarConsole extends ConsoleProgressBarConsumer {

  private final PrintStream terminal;
  private String drawn = "";
  private boolean closed;

  BarConsole(PrintStream terminal) {
    super(terminal);
    this.terminal = terminal;
  }

  /** For a width that is known. */
  BarConsole(PrintStream terminal, int width) {
    super(terminal, width);
    this.terminal = terminal;
  }

  @Override
  public synchronized void accept(String line) {
    if (closed) {
      return;
    }
    terminal.print("\r" + line + " ".repeat(Math.max(0, drawn.length() - line.length())));
    terminal.flush();
    drawn = line;
  }

  /** Takes the bar away, prints, and draws the bar again. */
  synchronized void above(Runnable print) {
    String bar = drawn;
    accept("");
    terminal.print("\r");
    terminal.flush();
    print.run();
    accept(bar);
  }

  /** The cursor goes below the bar; the library's timer may still be about to draw. */
  @Override
  public synchronized void close() {
    if (!closed) {
      terminal.println();
      terminal.flush();
      closed = true;
    }
  }
}
