package io.rglcd.cli.command;

import io.rglcd.cli.config.TrainConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rglcd demo}. */
@Command(
    name = "demo",
    description = {
      "Distil the embedded 32x32 emoji teacher on this machine, in minutes.",
      "",
      "Leaves in DIR: model/, checkpoint-N/, samples.png, report.html, report.json, steps.csv and"
          + " TensorBoard event files. Ctrl-C stops with a checkpoint; the same command goes on from"
          + " it."
    })
public final class DemoCommand implements Callable<Integer> {

  /** The reward that guides. */
  enum Reward {
    CLIP,
    PREF
  }

  private final Trainer trainer;

  @Spec private CommandSpec spec;

  @Option(names = "--steps", paramLabel = "N", description = "Optimiser updates.")
  private Integer steps;

  @Option(names = "--workers", paramLabel = "N", description = "Workers; two by default.")
  private Integer workers;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where results go; out/demo by default.")
  private Path out;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the run; 1 by default.")
  private Long seed;

  @Option(
      names = "--beta",
      paramLabel = "B",
      description = "Weight of the reward; 1 by default, 0 distils without reward.")
  private Double beta;

  @Option(
      names = "--reward",
      paramLabel = "clip|pref",
      description = "The reward that guides; clip by default.")
  private Reward reward;

  /** A command that trains with the given trainer. */
  public DemoCommand(Trainer trainer) {
    this.trainer = trainer;
  }

  @Override
  public Integer call() {
    return trainer.train(TrainConfig.starter(overrides()), spec.commandLine().getOut());
  }

  private Map<String, Object> overrides() {
    Map<String, Object> overrides = new HashMap<>();
    put(overrides, "training.max-train-steps", steps);
    put(overrides, "training.workers", workers);
    put(overrides, "training.output-dir", out == null ? null : out.toString());
    put(overrides, "training.seed", seed);
    put(overrides, "reward.scale", beta);
    put(overrides, "reward.name", reward == Reward.PREF ? "pref" : reward == null ? null : "clip");
    return overrides;
  }

  private static void put(Map<String, Object> overrides, String key, Object value) {
    if (value != null) {
      overrides.put(key, value);
    }
  }
}
