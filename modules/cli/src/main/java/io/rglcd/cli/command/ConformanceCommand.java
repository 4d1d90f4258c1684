package io.rglcd.cli.command;

import io.rglcd.cli.conformance.ConformanceRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rglcd conformance}. */
@Command(
    name = "conformance",
    description = "Compare with recorded results of the original implementations.")
public final class ConformanceCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Case directories, or directories that hold some at any depth.")
  private List<Path> directories;

  @Option(names = "--json", paramLabel = "FILE", description = "Write all comparisons as JSON.")
  private Path json;

  @Override
  public Integer call() {
    return new ConformanceRunner()
        .run(directories, Optional.ofNullable(json), spec.commandLine().getOut());
  }
}
