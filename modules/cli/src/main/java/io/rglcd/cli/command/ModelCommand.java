package io.rglcd.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rglcd model}. */
@Command(
    name = "model",
    description = "Look at models and make them.",
    subcommands = {ModelInspectCommand.class, ModelRandomCommand.class, ModelUnpackCommand.class})
public final class ModelCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
