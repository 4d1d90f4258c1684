package io.rglcd.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rglcd sample}. */
@Command(name = "sample", description = "Make pictures with a distilled model or a teacher.")
public final class SampleCommand implements Callable<Integer> {

  private final Sampler sampler;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Diffusers directory.")
  private Path model;

  @Option(
      names = "--prompt",
      required = true,
      paramLabel = "TEXT",
      description = "What is to be seen; several make a grid.")
  private List<String> prompts;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "4",
      description = "Steps; ${DEFAULT-VALUE} by default, 25 are usual for a teacher.")
  private int steps;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seed of the noise; ${DEFAULT-VALUE} by default.")
  private long seed;

  @Option(
      names = "--guidance",
      paramLabel = "W",
      defaultValue = "5",
      description = "Guidance scale; ${DEFAULT-VALUE} by default.")
  private double guidance;

  @Option(names = "--out", required = true, paramLabel = "FILE.png", description = "The picture.")
  private Path out;

  @ArgGroup private Choice choice = new Choice();

  /** At most one of the three. */
  static final class Choice {

    @Option(names = "--target", description = "The EMA target in unet_target/ (the default).")
    private boolean target;

    @Option(names = "--student", description = "The student in unet/.")
    private boolean student;

    @Option(names = "--teacher", description = "A plain diffusion model in unet/, by DDIM.")
    private boolean teacher;

    SampleRequest.Network network() {
      if (teacher) {
        return SampleRequest.Network.TEACHER;
      }
      return student && !target ? SampleRequest.Network.STUDENT : SampleRequest.Network.TARGET;
    }
  }

  /** A command that samples with the given sampler. */
  public SampleCommand(Sampler sampler) {
    this.sampler = sampler;
  }

  @Override
  public Integer call() {
    return sampler.sample(
        new SampleRequest(model, choice.network(), prompts, steps, seed, guidance, out),
        spec.commandLine().getOut());
  }
}
