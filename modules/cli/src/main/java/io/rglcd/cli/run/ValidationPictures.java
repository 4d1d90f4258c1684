package io.rglcd.cli.run;

import ai.djl.ndarray.NDArray;
import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cli.report.OutputDirectory;
import io.rglcd.cli.report.OutputException;
import io.rglcd.cli.report.SampleGrid;
import io.rglcd.distill.ImageSampler;
import io.rglcd.distill.TrainingState;
import io.rglcd.models.UNet2DCondition;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Pictures of target and student every so many steps of a run, always of the same captions and
 * noise, with four sampling steps. The first member to commit such a step draws them; the others
 * hold the same state. What goes wrong with the files is told and does not end the run.
 *
 * <p>Source: {@code log_validation} of the official script.
 */
final class ValidationPictures {

  private static final int SAMPLING_STEPS = 4;

  private final TrainConfig config;
  private final RunInputs inputs;
  private final UNet2DCondition net;
  private final OutputDirectory output;
  private final Metrics metrics;
  private final Consumer<String> tell;
  private final AtomicLong lastDrawn = new AtomicLong();
  private PromptSet prompts;

  /**
   * None drawn yet.
   *
   * @param tell receives a sentence for the user
   */
  ValidationPictures(
      TrainConfig config,
      RunInputs inputs,
      OutputDirectory output,
      Metrics metrics,
      Consumer<String> tell) {
    this.config = config;
    this.inputs = inputs;
    this.net = inputs.student().net();
    this.output = output;
    this.metrics = metrics;
    this.tell = tell;
  }

  /** Draws the state if it is the turn of its step and no other member has. */
  void onCommit(TrainingState state) {
    long step = state.step();
    int every = config.validation().steps();
    if (every > 0 && step % every == 0 && lastDrawn.getAndAccumulate(step, Math::max) < step) {
      draw(step, state);
    }
  }

  private synchronized void draw(long step, TrainingState state) {
    if (prompts == null) {
      prompts = PromptSet.of(config, inputs);
    }
    String file = String.format("validation/step-%06d.png", step);
    Map<String, Double> rewards = new TreeMap<>();
    List<SampleGrid.Row> rows = new ArrayList<>();
    try (Scope scope = Scope.open(inputs.models().device())) {
      rows.add(row(scope, "target", state, state.target(), rewards));
      rows.add(row(scope, "online", state, state.student(), rewards));
      metrics.scalars(step, rewards);
      SampleGrid.write(output.resolve(file), prompts.shown(), rows);
    } catch (OutputException e) {
      tell.accept("no pictures of step " + step + ": " + e.getMessage());
    }
  }

  private SampleGrid.Row row(
      Scope scope, String who, TrainingState state, NDArray flat, Map<String, Double> rewards) {
    long seed = config.training().seed();
    List<String> captions = prompts.shown();
    int size = config.data().resolution() / inputs.models().vae().config().downsampling();
    double guidance = config.validation().guidance();
    ImageSampler sampler = new ImageSampler(inputs.models());
    try (Scope inner = scope.child()) {
      Weights weights = state.layout().bind(inner, flat);
      NDArray noise = sampler.noise(inner, seed, 0, captions.size(), size);
      NDArray latents =
          sampler.student(inner, net, weights, captions, noise, seed, 0, SAMPLING_STEPS, guidance);
      NDArray images = sampler.decode(inner, latents);
      inputs
          .reward()
          .ifPresent(
              judge ->
                  rewards.put(
                      "validation/" + who + "_reward",
                      mean(judge.score(inner, images, captions).toFloatArray())));
      return Pictures.row(
          who + ", step " + state.step() + ", " + SAMPLING_STEPS + " sampling steps", images);
    }
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
