package io.rglcd.cli.report;

import java.util.List;
import java.util.Locale;

/**
 * The text of a live bar. It fits any width: what matters least goes first, and the line never
 * wraps.
 *
 * @param unit what is counted
 * @param count number that are done
 * @param total number at the end
 * @param figures from the most to the least important
 */
record BarLine(String unit, long count, long total, List<String> figures) {

  private static final int MIN_BAR = 8;
  private static final int MAX_BAR = 32;

  /** Copies the list. */
  BarLine {
    figures = List.copyOf(figures);
  }

  /** At most so many characters. */
  String fit(int width) {
    String head = unit + " " + count + "/" + total;
    for (int shown = figures.size(); shown >= 0; shown--) {
      String tail = String.join(", ", figures.subList(0, shown));
      int room = width - head.length() - 1 - (tail.isEmpty() ? 0 : tail.length() + 1);
      if (room >= MIN_BAR) {
        String bar = head + " " + bar(Math.min(room, MAX_BAR));
        return tail.isEmpty() ? bar : bar + " " + tail;
      }
    }
    return head.substring(0, Math.max(0, Math.min(width, head.length())));
  }

  private String bar(int width) {
    int inside = width - 2;
    int done = (int) (total > 0 ? Math.min(inside, inside * count / total) : 0);
    return "[" + "=".repeat(done) + " ".repeat(inside - done) + "]";
  }

  /** A duration for people. */
  static String duration(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
        : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
  }
}
