package io.rglcd.cli.run;

import ai.djl.Device;
import io.rglcd.cli.command.Trainer;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.report.OutputDirectory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Trains by a configuration: measure, distil on actors, measure again, leave everything behind. */
public final class DistillationTrainer implements Trainer {

  static final long MIN_FREE_BYTES = 256L << 20;

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
    try (RunInputs inputs = RunInputs.open(config, List.of(Device.cpu()));
        Metrics metrics = Metrics.open(config.logging(), output, clock)) {
      out.printf(
          "%,d parameters, %,d samples, %d workers x %d x %d%n",
          inputs.student().net().layout().size(),
          inputs.data().total(),
          config.training().workers(),
          config.training().gradientAccumulationSteps(),
          config.training().trainBatchSize());
      out.println(inputs.samples().sample());
      out.flush();
      new TrainingSession(config, inputs, output, metrics, out).run();
      out.flush();
      return 0;
    }
  }
}
