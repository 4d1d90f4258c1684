package io.rglcd.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: asks for a sub-command. */
@Command(
    name = "rglcd",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = "Reward Guided Latent Consistency Distillation.",
    footer = {
      "",
      "Shell completion: source <(rglcd generate-completion)",
      "Exit codes: 0 well, 1 failed, 2 wrong usage; 130 or 143 after Ctrl-C or SIGTERM, which end"
          + " a training with a checkpoint."
    })
public final class RglcdCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean debug;

  /** Whether stack traces are wanted. */
  public boolean debug() {
    return debug;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
