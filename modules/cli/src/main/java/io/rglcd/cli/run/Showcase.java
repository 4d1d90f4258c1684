package io.rglcd.cli.run;

import ai.djl.ndarray.NDArray;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.report.CurvesReport;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cli.report.ProgressView;
import io.rglcd.cli.report.ReportJson;
import io.rglcd.cli.report.SampleGrid;
import io.rglcd.cli.report.StepPoint;
import io.rglcd.distill.Student;
import io.rglcd.distill.TrainingState;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures and shows teacher and student before and after, and leaves the results behind. All of it
 * after training: nothing stands between the command and the first step, and the student before
 * training is the teacher's weights, which are still there.
 */
final class Showcase implements AutoCloseable {

  /** Written last: where it lies, all results do. */
  static final String REPORT = "report.json";

  private static final List<Integer> FEW = List.of(1, 2, 4);

  private final TrainConfig config;
  private final RunInputs inputs;
  private final Student student;
  private final OutputDirectory output;
  private final PromptSet prompts;
  private final Evaluation evaluation;
  private final ProgressView progress;
  private final List<SampleGrid.Row> rows = new ArrayList<>();
  private int measured;

  /** Samples the teacher's yardstick. */
  Showcase(TrainConfig config, RunInputs inputs, OutputDirectory output, ProgressView progress) {
    this.config = config;
    this.inputs = inputs;
    this.student = inputs.student();
    this.output = output;
    this.progress = progress;
    this.prompts = PromptSet.of(config, inputs);
    this.evaluation =
        new Evaluation(
            inputs, prompts.measured(), config.validation().guidance(), config.data().resolution());
  }

  private Map<Integer, Scores> teacher() {
    Map<Integer, Scores> scores = new LinkedHashMap<>();
    for (int steps : FEW) {
      scores.put(steps, evaluation.scoreTeacher(steps));
      progress.onCount(++measured);
    }
    scores.put(Evaluation.TEACHER_STEPS, evaluation.scoreTeacher(Evaluation.TEACHER_STEPS));
    progress.onCount(++measured);
    return scores;
  }

  private Map<Integer, Scores> student(Weights weights) {
    Map<Integer, Scores> scores = new LinkedHashMap<>();
    for (int steps : FEW) {
      scores.put(steps, evaluation.scoreStudent(student.net(), weights, steps));
      progress.onCount(++measured);
    }
    return scores;
  }

  private void draw(Scope scope, Weights trained) {
    int steps = Evaluation.TEACHER_STEPS;
    rows.add(row("teacher, DDIM", steps, evaluation.showTeacher(scope, prompts.shown(), steps)));
    addStudent(scope, "student before", student.weights());
    addStudent(scope, "student after", trained);
  }

  private void addStudent(Scope scope, String who, Weights weights) {
    for (int steps : FEW) {
      NDArray shown = evaluation.showStudent(scope, student.net(), weights, prompts.shown(), steps);
      rows.add(row(who, steps, shown));
    }
  }

  private static SampleGrid.Row row(String who, int steps, NDArray images) {
    return Pictures.row(who + ", " + steps + (steps == 1 ? " step" : " steps"), images);
  }

  /**
   * Measures the EMA target of a checkpoint, and writes model, grid, curves and report.
   *
   * @param checkpoint the run's last
   * @param points all steps of the run
   */
  Milestones finish(Path checkpoint, List<StepPoint> points) {
    try (Scope scope = Scope.open(inputs.models().device());
        SafetensorsFile state = SafetensorsFile.open(checkpoint.resolve(TrainingState.FILE))) {
      Weights online = student.net().layout().bind(scope, state.read(scope, "student"));
      Weights target = student.net().layout().bind(scope, state.read(scope, "target"));
      inputs
          .models()
          .directory()
          .saveWith(output.resolve("model"), student.net().config(), online, target);
      draw(scope, target);
      Milestones milestones =
          new Milestones(teacher(), student(student.weights()), student(target));
      SampleGrid.write(output.resolve("samples.png"), prompts.shown(), rows);
      CurvesReport.write(output.resolve("report.html"), "rglcd", "samples.png", points);
      report(milestones, points).write(output.resolve(REPORT));
      return milestones;
    }
  }

  private ReportJson report(Milestones milestones, List<StepPoint> points) {
    return new ReportJson(
        config.training().steps(inputs.data().total()),
        points.stream().mapToDouble(StepPoint::seconds).sum(),
        points.stream().mapToLong(StepPoint::samples).sum(),
        ends(points, StepPoint::loss),
        ends(points, StepPoint::distill),
        ends(points, StepPoint::reward),
        milestones.table(Scores::reward),
        milestones.table(Scores::pref),
        milestones.agreement(),
        prompts.measured(),
        config.training().seed(),
        Versions.all(),
        ReportJson.tree(config.json()));
  }

  /** Not numbers where the run's step log is lost. */
  private static ReportJson.Ends ends(List<StepPoint> points, ToDoubleFunction<StepPoint> value) {
    if (points.isEmpty()) {
      return new ReportJson.Ends(Double.NaN, Double.NaN);
    }
    return new ReportJson.Ends(
        value.applyAsDouble(points.get(0)), value.applyAsDouble(points.get(points.size() - 1)));
  }

  @Override
  public void close() {
    evaluation.close();
  }
}
