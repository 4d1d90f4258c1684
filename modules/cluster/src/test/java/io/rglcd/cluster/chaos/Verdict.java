package io.rglcd.cluster.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a run under faults has come to.
 *
 * @param wantedSteps of the run
 * @param steps that were committed and count
 * @param rewinds how often steps were declared void because no replica had them any more
 * @param faults that were injected
 * @param kills processes that were killed
 * @param aborts attempts that were void
 * @param surprises nodes that ended although nobody had ended them, in sentences
 * @param samples what became of them
 * @param digestMismatches steps after which replicas differed
 * @param recoveries from a kill to the next commit
 * @param sameWeights whether weights and ledger are those of the undisturbed run
 */
public record Verdict(
    long wantedSteps,
    long steps,
    long rewinds,
    long faults,
    long kills,
    long aborts,
    List<String> surprises,
    Samples samples,
    long digestMismatches,
    List<Duration> recoveries,
    boolean sameWeights) {

  /** Copies the lists. */
  public Verdict {
    surprises = List.copyOf(surprises);
    recoveries = recoveries.stream().sorted().toList();
  }

  /** Whether everything is as promised. */
  public boolean isWell() {
    return steps == wantedSteps
        && surprises.isEmpty()
        && samples.duplicated() == 0
        && samples.lost() == 0
        && digestMismatches == 0
        && sameWeights;
  }

  /** For people, a line a figure. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, "steps", steps + " of " + wantedSteps + ", rewinds " + rewinds);
    line(text, "faults", faults + ", processes killed " + kills);
    line(text, "aborts", Long.toString(aborts));
    line(text, "samples expected", Long.toString(samples.expected()));
    line(text, "  committed", Long.toString(samples.committed()));
    line(text, "  skipped", Long.toString(samples.skipped()));
    line(text, "  duplicated", Long.toString(samples.duplicated()));
    line(text, "  lost", Long.toString(samples.lost()));
    line(text, "digest mismatches", Long.toString(digestMismatches));
    line(text, "recovery", recovery());
    line(text, "unexpected ends", surprises.isEmpty() ? "none" : String.join("; ", surprises));
    line(text, "weights equal", sameWeights ? "yes" : "no");
    line(text, "verdict", isWell() ? "all is well" : "NOT WELL");
    return text.toString();
  }

  private String recovery() {
    if (recoveries.isEmpty()) {
      return "nobody was killed";
    }
    return String.format(
        Locale.ROOT,
        "median %.1f s, maximum %.1f s (kill to next commit, %d times)",
        seconds(recoveries.get(recoveries.size() / 2)),
        seconds(recoveries.get(recoveries.size() - 1)),
        recoveries.size());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1e3;
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-18s %s%n", name, value));
  }
}
