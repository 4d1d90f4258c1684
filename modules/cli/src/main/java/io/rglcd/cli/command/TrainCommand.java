package io.rglcd.cli.command;

import io.rglcd.cli.config.TrainConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rglcd train}. */
@Command(
    name = "train",
    description = {
      "Distil by a configuration file.",
      "",
      "All keys with their defaults: modules/cli/src/main/resources/rglcd-reference.conf;"
          + " an example: conf/starter.conf."
    })
public final class TrainCommand implements Callable<Integer> {

  private final Trainer trainer;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CONF", description = "Configuration in HOCON.")
  private Path file;

  /** A command that trains with the given trainer. */
  public TrainCommand(Trainer trainer) {
    this.trainer = trainer;
  }

  @Override
  public Integer call() {
    return trainer.train(TrainConfig.load(file, Map.of()), spec.commandLine().getOut());
  }
}
