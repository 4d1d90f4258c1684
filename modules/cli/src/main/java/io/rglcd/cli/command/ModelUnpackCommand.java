package io.rglcd.cli.command;

import io.rglcd.starter.Starter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rglcd model unpack}. */
@Command(
    name = "unpack",
    description = "Unpack the embedded teacher to the cache and say where it lies.")
final class ModelUnpackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().getOut().println(Starter.unpack().teacher());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
