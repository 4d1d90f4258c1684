package io.rglcd.cli.command;

import io.rglcd.models.RandomModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rglcd model random}. */
@Command(
    name = "random",
    description = "Write a model of published shape with random weights, for measuring.")
final class ModelRandomCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--like", required = true, paramLabel = "NAME", description = "sd21-unet.")
  private String like;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seed of the weights; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Parameters(paramLabel = "OUT", description = "A directory, or a file that ends in .safetensors.")
  private Path out;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(RandomModel.write(like, out, seed));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
