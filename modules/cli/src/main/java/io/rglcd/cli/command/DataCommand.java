package io.rglcd.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rglcd data}. */
@Command(name = "data", description = "Make shards and look at them.")
public final class DataCommand implements Runnable {

  @Spec private CommandSpec spec;

  /** The command with all that is below it. */
  public static CommandLine commandLine(LatentsMaker latents) {
    return new CommandLine(new DataCommand())
        .addSubcommand(new DataPackCommand())
        .addSubcommand(new DataInspectCommand())
        .addSubcommand(new DataStatsCommand())
        .addSubcommand(new DataLatentsCommand(latents));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
