package io.rglcd.cli;

import io.rglcd.cli.command.ClusterCommand;
import io.rglcd.cli.command.ConformanceCommand;
import io.rglcd.cli.command.DataCommand;
import io.rglcd.cli.command.DemoCommand;
import io.rglcd.cli.command.ModelCommand;
import io.rglcd.cli.command.NodeCommand;
import io.rglcd.cli.command.RglcdCommand;
import io.rglcd.cli.command.SampleCommand;
import io.rglcd.cli.command.TrainCommand;
import io.rglcd.cli.run.ClusterTrainer;
import io.rglcd.cli.run.DirectorySampler;
import io.rglcd.cli.run.DistillationTrainer;
import io.rglcd.cli.run.LatentShards;
import java.time.Clock;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;

/** The program. */
public final class Main {

  private Main() {}

  /** Runs one command and exits with its code: 0 well, 1 failed, 2 wrong usage. */
  public static void main(String[] arguments) {
    DistillationTrainer trainer = new DistillationTrainer(Clock.systemUTC());
    ClusterTrainer cluster = new ClusterTrainer(Clock.systemUTC());
    System.exit(
        commandLine(
                List.of(
                    new DemoCommand(trainer),
                    new TrainCommand(trainer),
                    new NodeCommand(cluster),
                    new SampleCommand(new DirectorySampler()),
                    DataCommand.commandLine(new LatentShards())))
            .execute(arguments));
  }

  /**
   * The whole command line.
   *
   * @param more commands beside those that need no training
   */
  public static CommandLine commandLine(List<Object> more) {
    RglcdCommand root = new RglcdCommand();
    CommandLine line = new CommandLine(root);
    more.forEach(line::addSubcommand);
    line.addSubcommand(new ClusterCommand());
    line.addSubcommand(new ModelCommand());
    line.addSubcommand(new ConformanceCommand());
    line.addSubcommand(new GenerateCompletion());
    line.setExecutionExceptionHandler(new ErrorSentences(root::debug));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }
}
