package io.rglcd.cli.run;

import ai.djl.Device;
import io.rglcd.cli.command.Trainer;
import io.rglcd.cli.config.RunConfig;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cli.report.ProgressView;
import io.rglcd.cluster.BatchLoaderSource;
import io.rglcd.cluster.CheckpointFiles;
import io.rglcd.cluster.ReplicaFactory;
import io.rglcd.cluster.TrainingResult;
import io.rglcd.cluster.TrainingRun;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.distill.RgLcdReplica;
import io.rglcd.distill.Student;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Torch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Trains by a configuration: measure, distil on actors, measure again, leave everything behind. */
public final class DistillationTrainer implements Trainer {

  private static final long MIN_FREE_BYTES = 256L << 20;

  private final Clock clock;

  /** A trainer with a clock for the reports. */
  public DistillationTrainer(Clock clock) {
    this.clock = clock;
  }

  @Override
  public int train(TrainConfig config, PrintWriter out) {
    OutputDirectory output =
        OutputDirectory.open(
            Path.of(config.training().outputDir()), MIN_FREE_BYTES, RunIdentity.of(config.json()));
    try (RunInputs inputs = RunInputs.open(config, Device.cpu());
        Scope scope = Scope.open();
        Metrics metrics = Metrics.open(config.logging(), output, clock)) {
      Student student =
          Student.of(
              scope,
              inputs.models(),
              config.objective().unetTimeCondProjDim(),
              config.training().seed());
      out.printf(
          "%,d parameters, %,d samples, %d workers x %d x %d%n",
          student.net().layout().size(),
          inputs.data().total(),
          config.training().workers(),
          config.training().gradientAccumulationSteps(),
          config.training().trainBatchSize());
      out.flush();
      distil(config, inputs, student, output, metrics, out);
      return 0;
    }
  }

  private void distil(
      TrainConfig config,
      RunInputs inputs,
      Student student,
      OutputDirectory output,
      Metrics metrics,
      PrintWriter out) {
    RunConfig run = config.training();
    CheckpointRetention retention =
        new CheckpointRetention(output.resolve(""), run.checkpointsTotalLimit());
    long steps = run.steps(inputs.data().total());
    try (LoaderThreads loaders = new LoaderThreads(config.data().dataloaderNumWorkers());
        GracefulStop stop = new GracefulStop()) {
      TrainingRecorder recorder;
      TrainingResult result;
      try (ProgressView progress = ProgressView.open(out, steps)) {
        recorder = new TrainingRecorder(progress, metrics, directory -> retention.apply());
        // Each worker has a thread of its own; more threads an operation would only compete.
        Torch.setIntraOpThreads(1);
        result =
            stop.await(
                TrainingRun.start(
                    settings(config, inputs, output),
                    replicas(
                        config,
                        inputs,
                        student,
                        new ValidationPictures(
                            config, inputs, student.net(), output, metrics, progress::message)),
                    new BatchLoaderSource(inputs.loader(), loaders.executor()),
                    recorder));
      }
      Torch.setIntraOpThreads(Runtime.getRuntime().availableProcessors());
      inputs.data().damages().forEach(damage -> out.println("damaged shard: " + damage));
      recorder.skipped().forEach((why, n) -> out.println(n + " samples not used: " + why));
      if (result.stopped()) {
        out.println("stopped at step " + result.step() + ", checkpoint " + result.checkpoint());
      } else {
        out.println("measuring teacher and student, before and after");
        out.flush();
        try (Showcase showcase = new Showcase(config, inputs, student, output)) {
          showcase.finish(result.checkpoint(), recorder, out);
        }
      }
      out.flush();
    }
  }

  private static TrainingSettings settings(
      TrainConfig config, RunInputs inputs, OutputDirectory output) {
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
            5);
    TrainingSettings settings =
        TrainingSettings.of(
                limits, inputs.data().total(), output.resolve(""), RunIdentity.of(config.json()))
            .withLoadParallelism(Math.max(1, config.data().dataloaderNumWorkers()));
    return checkpoint(run, output).map(settings::resumedFrom).orElse(settings);
  }

  private static Optional<Path> checkpoint(RunConfig run, OutputDirectory output) {
    return switch (run.resumeFromCheckpoint()) {
      case "none" -> Optional.empty();
      case "latest" -> CheckpointFiles.newest(output.resolve(""));
      default -> Optional.of(Path.of(run.resumeFromCheckpoint()));
    };
  }

  private static ReplicaFactory replicas(
      TrainConfig config, RunInputs inputs, Student student, ValidationPictures pictures) {
    long steps = config.training().steps(inputs.data().total());
    return (member, device) ->
        new ValidatingReplica(
            new RgLcdReplica(
                inputs.models(),
                inputs.reward().map(reward -> reward),
                student.net(),
                student.weights(),
                config.objective().options(config.reward()),
                config.optimizer().options(config.training(), steps),
                config.training().seed()),
            pictures);
  }
}
