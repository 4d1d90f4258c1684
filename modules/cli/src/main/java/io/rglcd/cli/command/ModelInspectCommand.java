package io.rglcd.cli.command;

import io.rglcd.models.DiffusersDirectory;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rglcd model inspect}. */
@Command(name = "inspect", description = "Say what is in a diffusers directory.")
final class ModelInspectCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--tensors", description = "List every tensor with its type and shape.")
  private boolean tensors;

  @Parameters(paramLabel = "DIR", description = "Diffusers directory.")
  private Path directory;

  @Override
  public Integer call() {
    DiffusersDirectory model = DiffusersDirectory.open(directory);
    PrintWriter out = spec.commandLine().getOut();
    out.println("class      " + model.modelIndex().path("_class_name").asText("unknown"));
    out.println(
        "prediction "
            + model.schedulerConfig().path("prediction_type").asText("epsilon")
            + ", "
            + model.schedulerConfig().path("beta_schedule").asText("linear")
            + " betas");
    out.println("distilled  " + (model.hasTarget() ? "yes, EMA weights in unet_target" : "no"));
    for (Path file : weightFiles()) {
      describe(file, out);
    }
    out.flush();
    return 0;
  }

  private List<Path> weightFiles() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("model directory " + directory + " cannot be read", e);
    }
  }

  private void describe(Path path, PrintWriter out) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      long parameters =
          file.tensors().values().stream()
              .mapToLong(info -> Arrays.stream(info.shape()).reduce(1, (a, b) -> a * b))
              .sum();
      out.println(
          String.format(
              Locale.ROOT,
              "%-60s %5d tensors %,15d parameters",
              directory.relativize(path),
              file.tensors().size(),
              parameters));
      if (tensors) {
        file.tensors()
            .forEach(
                (name, info) ->
                    out.println(
                        "  " + name + " " + info.dtype() + " " + Arrays.toString(info.shape())));
      }
    }
  }
}
