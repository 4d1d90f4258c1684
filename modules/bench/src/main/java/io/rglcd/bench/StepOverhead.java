package io.rglcd.bench;

import io.rglcd.cli.config.TrainConfig;
import io.rglcd.cluster.BatchLoaderSource;
import io.rglcd.cluster.LoadedRange;
import io.rglcd.cluster.StepSeconds;
import io.rglcd.cluster.TrainingEvent.StepCommitted;
import io.rglcd.cluster.TrainingRun;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatch;
import io.rglcd.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;

/**
 * What actors, messages and loading add to a step: the starter's run of two workers with 16 samples
 * each, its step times by part, and the same steps made of plain calls in the same process. All is
 * done twice: what is compiled and remembered in the first round serves both ways of the second.
 */
public final class StepOverhead {

  private static final int NOT_COUNTED = 5;
  private static final int DEFAULT_STEPS = 40;

  private StepOverhead() {}

  /**
   * Measures and prints.
   *
   * @param args number of steps, 40 by default
   */
  public static void main(String[] args) throws IOException {
    int steps = args.length == 0 ? DEFAULT_STEPS : Integer.parseInt(args[0]);
    if (steps <= NOT_COUNTED) {
      throw new IllegalArgumentException("steps: " + steps + " (expected: > " + NOT_COUNTED + ")");
    }
    Path output = Files.createTempDirectory("rglcd-bench");
    ExecutorService loaders = Executors.newFixedThreadPool(2);
    TrainConfig config = TrainConfig.starter(Map.of("training.max-train-steps", steps));
    try (StarterInputs inputs = new StarterInputs(config)) {
      Torch.setIntraOpThreads(1);
      BatchLoaderSource source = inputs.source(loaders);
      for (String round : List.of("first round", "second round")) {
        List<StepCommitted> committed = withActors(inputs, source, output);
        List<Double> direct = direct(inputs, source, committed);
        System.out.println(round);
        print(committed, direct);
      }
    } finally {
      loaders.shutdownNow();
      FileTrees.delete(output);
    }
  }

  private static List<StepCommitted> withActors(
      StarterInputs inputs, BatchLoaderSource source, Path output) {
    int workers = inputs.config().training().workers();
    int steps = inputs.config().training().maxTrainSteps();
    RunLimits limits =
        new RunLimits(
            workers, 1, inputs.config().training().trainBatchSize(), workers, steps, 0, 0, 0);
    TrainingSettings settings =
        TrainingSettings.of(limits, inputs.samples(), output, Map.of("bench", "step-overhead"));
    List<StepCommitted> committed = Collections.synchronizedList(new ArrayList<>());
    TrainingRun.start(
            settings,
            (member, device) -> inputs.replica(),
            source,
            event -> {
              if (event instanceof StepCommitted step) {
                committed.add(step);
              }
            })
        .result()
        .toCompletableFuture()
        .join();
    return List.copyOf(committed);
  }

  /** Seconds of each of the same steps without actors: load, compute, reduce, commit in turn. */
  private static List<Double> direct(
      StarterInputs inputs, BatchLoaderSource source, List<StepCommitted> committed) {
    List<Double> seconds = new ArrayList<>();
    try (DirectSteps direct =
        new DirectSteps(inputs.config().training().workers(), inputs::replica)) {
      for (StepCommitted step : committed) {
        long start = System.nanoTime();
        List<CompletableFuture<LoadedRange>> loading =
            step.record().ranges().stream()
                .map(range -> source.load(range).toCompletableFuture())
                .toList();
        List<MicroBatch> batches =
            loading.stream().map(each -> each.join().batch().orElseThrow()).toList();
        CommitResult result = direct.step(step.record().key(), batches);
        seconds.add((System.nanoTime() - start) / 1e9);
        if (result.gradNorm() != step.record().gradNorm()) {
          throw new IllegalStateException(
              String.format(
                  Locale.ROOT,
                  "step %d: gradient norm %s without actors (expected: %s, as with them)",
                  step.step(),
                  result.gradNorm(),
                  step.record().gradNorm()));
        }
      }
    }
    return seconds;
  }

  private static void print(List<StepCommitted> committed, List<Double> direct) {
    List<StepSeconds> steps =
        committed.stream().skip(NOT_COUNTED).map(StepCommitted::seconds).toList();
    double step = StepStatistics.median(steps, StepSeconds::total);
    double parts = StepStatistics.median(direct.stream().skip(NOT_COUNTED).toList());
    line("steps counted                        %d", steps.size());
    line("step with actors                     %.4f s", step);
    line("  load                               %.4f s", median(steps, StepSeconds::load));
    line("  compute                            %.4f s", median(steps, StepSeconds::compute));
    line("  reduce                             %.4f s", median(steps, StepSeconds::reduce));
    line("  commit                             %.4f s", median(steps, StepSeconds::commit));
    line("  other                              %.4f s", median(steps, StepSeconds::other));
    line(
        "share outside tensor work            %.2f %%",
        100 * median(steps, StepStatistics::shareOutsideTensors));
    line(
        "the same with the whole reduction    %.2f %%",
        100 * median(steps, StepStatistics::shareOutsideTensorsWithReduce));
    line("step without actors                  %.4f s", parts);
    line("ratio                                %.3f", step / parts);
  }

  private static double median(List<StepSeconds> steps, ToDoubleFunction<StepSeconds> part) {
    return StepStatistics.median(steps, part);
  }

  private static void line(String format, Object value) {
    System.out.println(String.format(Locale.ROOT, format, value));
  }
}
