package io.rglcd.cli.run;

import io.rglcd.cli.report.Agreement;
import io.rglcd.cli.report.RewardTable;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The scores of a run.
 *
 * @param teacher by DDIM steps: 1, 2, 4 and 25
 * @param before the student before training by steps: 1, 2 and 4
 * @param after the student after training by steps: 1, 2 and 4
 */
record Milestones(
    Map<Integer, Scores> teacher, Map<Integer, Scores> before, Map<Integer, Scores> after) {

  RewardTable table(ToDoubleFunction<Scores> figure) {
    return new RewardTable(
        figure.applyAsDouble(teacher.get(Evaluation.TEACHER_STEPS)),
        figure.applyAsDouble(before.get(1)),
        figure.applyAsDouble(before.get(2)),
        figure.applyAsDouble(before.get(4)),
        figure.applyAsDouble(after.get(1)),
        figure.applyAsDouble(after.get(2)),
        figure.applyAsDouble(after.get(4)));
  }

  Agreement agreement() {
    return new Agreement(
        before.get(1).distance(),
        before.get(2).distance(),
        before.get(4).distance(),
        after.get(1).distance(),
        after.get(2).distance(),
        after.get(4).distance());
  }

  /** Prints a table a person can read: one row a sampler, one column a figure. */
  void print(PrintWriter out) {
    out.println();
    out.println("  sampler                   reward    pref   latent distance to teacher");
    teacher.forEach((steps, scores) -> print(out, "teacher, DDIM", steps, scores));
    before.forEach((steps, scores) -> print(out, "student before", steps, scores));
    after.forEach((steps, scores) -> print(out, "student after", steps, scores));
    out.flush();
  }

  private static void print(PrintWriter out, String who, int steps, Scores scores) {
    out.printf(
        Locale.ROOT,
        "  %-16s %2d steps %8.3f %7.3f %8.3f%n",
        who,
        steps,
        scores.reward(),
        scores.pref(),
        scores.distance());
  }
}
