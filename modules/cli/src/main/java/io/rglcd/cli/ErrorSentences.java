package io.rglcd.cli;

import io.rglcd.cli.config.ConfigurationException;
import io.rglcd.cli.conformance.ConformanceException;
import io.rglcd.cli.report.OutputException;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.dataplane.DataPlaneException;
import io.rglcd.data.DataException;
import io.rglcd.diffusion.DiffusionException;
import io.rglcd.models.ModelException;
import io.rglcd.starter.StarterException;
import io.rglcd.tensor.TensorException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;

/** What a failed command says: one sentence, and a stack trace only where one is asked for. */
final class ErrorSentences implements CommandLine.IExecutionExceptionHandler {

  private static final List<Class<? extends Exception>> MEANT_FOR_USERS =
      List.of(
          ConfigurationException.class,
          ConformanceException.class,
          OutputException.class,
          TrainingException.class,
          DataException.class,
          DataPlaneException.class,
          DiffusionException.class,
          ModelException.class,
          StarterException.class,
          TensorException.class,
          IllegalArgumentException.class,
          UncheckedIOException.class);

  private final BooleanSupplier debug;

  ErrorSentences(BooleanSupplier debug) {
    this.debug = debug;
  }

  @Override
  public int handleExecutionException(
      Exception error, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    err.println("rglcd: " + sentence(error));
    if (debug.getAsBoolean()) {
      error.printStackTrace(err);
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /** The sentence for one exception. */
  static String sentence(Exception error) {
    String message = error.getMessage() == null ? "" : error.getMessage().strip();
    if (MEANT_FOR_USERS.stream().anyMatch(type -> type.isInstance(error)) && !message.isEmpty()) {
      return error.getCause() instanceof IOException cause
              && cause.getMessage() != null
              && !message.contains(cause.getMessage())
          ? message + " (" + cause.getMessage() + ")"
          : message;
    }
    return "unexpected "
        + error.getClass().getSimpleName()
        + (message.isEmpty() ? "" : ": " + message.lines().findFirst().orElse(""))
        + " (rglcd --debug ... shows where)";
  }
}
