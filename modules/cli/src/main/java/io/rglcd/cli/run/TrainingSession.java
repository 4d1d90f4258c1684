package io.rglcd.cli.run;

import io.rglcd.cli.config.RunConfig;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cli.report.ProgressView;
import io.rglcd.cli.report.StepLog;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.TrainingRun;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.tensor.Torch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One command's part of a run: from the very start or a checkpoint to the last step or a signal,
 * and after the last step the results.
 */
final class TrainingSession {

  private static final int MEASUREMENTS = 10;

  private final TrainConfig config;
  private final RunInputs inputs;
  private final OutputDirectory output;
  private final Metrics metrics;
  private final PrintWriter out;

  TrainingSession(
      TrainConfig config,
      RunInputs inputs,
      OutputDirectory output,
      Metrics metrics,
      PrintWriter out) {
    this.config = config;
    this.inputs = inputs;
    this.output = output;
    this.metrics = metrics;
    this.out = out;
  }

  /** Trains and measures; only measures where all steps are done but their results are missing. */
  void run() {
    TrainingSettings settings = settings();
    Optional<RunStart> reached = settings.resume().map(from -> RunStart.read(from, settings));
    long step = reached.map(start -> start.step().value()).orElse(0L);
    try (StepLog log = StepLog.open(output.resolve(StepLog.FILE), step)) {
      if (step == settings.limits().steps() && !output.holds(Showcase.REPORT)) {
        measure(settings.resume().orElseThrow(), log);
        return;
      }
      TrainingResult result;
      try (SampleRecorder samples =
          new SampleRecorder(output, inputs.loader(), step, System::nanoTime)) {
        result = train(settings, log, samples);
      }
      if (!result.stopped()) {
        measure(result.checkpoint(), log);
      }
    }
  }

  /** Measures what a run of a cluster has brought, if it has done all steps and nobody else has. */
  void report() {
    Optional<Path> checkpoint = CheckpointFiles.newest(output.resolve(""));
    long steps = config.training().steps(inputs.data().total());
    if (!output.holds(Showcase.REPORT)
        && checkpoint.equals(Optional.of(CheckpointFiles.directory(output.resolve(""), steps)))) {
      try (StepLog log = StepLog.open(output.resolve(StepLog.FILE), steps)) {
        measure(checkpoint.get(), log);
      }
    }
  }

  /** A signal ends the process once the run has stopped and all is said. */
  private TrainingResult train(TrainingSettings settings, StepLog log, SampleRecorder samples) {
    // Each worker has a thread of its own; more threads an operation would only compete.
    Torch.setIntraOpThreads(1);
    try (LoaderThreads loaders = new LoaderThreads(config.data().dataloaderNumWorkers());
        GracefulStop stop = new GracefulStop()) {
      TrainingResult result;
      try (ProgressView progress = ProgressView.open(out, "step", settings.limits().steps())) {
        result =
            stop.await(
                TrainingRun.start(
                    settings,
                    replicas(progress::message),
                    inputs.samples().source(loaders.executor()),
                    new TrainingRecorder(
                        progress, metrics, log, samples, directory -> retention().apply())));
      }
      tell(result);
      return result;
    } finally {
      Torch.setIntraOpThreads(Runtime.getRuntime().availableProcessors());
    }
  }

  private CheckpointRetention retention() {
    return new CheckpointRetention(output.resolve(""), config.training().checkpointsTotalLimit());
  }

  private void tell(TrainingResult result) {
    inputs.data().damages().forEach(damage -> out.println("damaged shard: " + damage));
    result
        .ledger()
        .settled()
        .skipped()
        .forEach((why, n) -> out.println(n + " samples not used: " + why));
    if (result.stopped()) {
      out.println("stopped at step " + result.step() + ", checkpoint " + result.checkpoint());
    }
    out.flush();
  }

  private void measure(Path checkpoint, StepLog log) {
    out.println("measuring teacher and student, before and after");
    out.flush();
    Milestones milestones;
    try (ProgressView progress = ProgressView.open(out, "measured", MEASUREMENTS);
        Showcase showcase = new Showcase(config, inputs, output, progress)) {
      milestones = showcase.finish(checkpoint, log.points());
    }
    milestones.print(out);
    out.println();
    out.println("results in " + output.resolve("") + ": samples.png, report.html, model/");
  }

  private TrainingSettings settings() {
    RunConfig run = config.training();
    RunLimits limits =
        new RunLimits(
                run.workers(),
                1,
                run.trainBatchSize(),
                run.workers() * run.gradientAccumulationSteps(),
                run.steps(inputs.data().total()),
                run.checkpointingSteps(),
                run.checkpointingSteps(),
                5)
            .with(config.data().loadAhead());
    TrainingSettings settings =
        TrainingSettings.of(
                limits, inputs.data().total(), output.resolve(""), RunIdentity.of(config.json()))
            .withLoadParallelism(Math.max(1, config.data().dataloaderNumWorkers()));
    return checkpoint(run).map(settings::resumedFrom).orElse(settings);
  }

  private Optional<Path> checkpoint(RunConfig run) {
    return switch (run.resumeFromCheckpoint()) {
      case "none" -> Optional.empty();
      case "latest" -> CheckpointFiles.newest(output.resolve(""));
      default -> Optional.of(Path.of(run.resumeFromCheckpoint()));
    };
  }

  private ReplicaFactory replicas(Consumer<String> tell) {
    ValidationPictures pictures = new ValidationPictures(config, inputs, output, metrics, tell);
    return (member, device) ->
        new ValidatingReplica(inputs.replica(inputs.models().device()), pictures);
  }
}
