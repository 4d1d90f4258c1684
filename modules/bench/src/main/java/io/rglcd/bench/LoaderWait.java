package io.rglcd.bench;

import io.rglcd.cluster.BatchLoaderSource;
import io.rglcd.cluster.StepSeconds;
import io.rglcd.cluster.TrainingEvent.StepCommitted;
import io.rglcd.cluster.TrainingRun;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.SampleRange;
import io.rglcd.models.tokenizer.ClipTokenizer;
import io.rglcd.starter.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;

/**
 * How long a worker waits for samples where one loader thread can load 1.3 times what it needs: the
 * real actors and loader on JPEGs of 1024x768 pixels, a learner that sleeps. The baseline is to
 * load each batch when it is needed.
 */
public final class LoaderWait {

  private static final int RESOLUTION = 512;
  private static final int BATCH = 8;
  private static final double CAPACITY = 1.3;
  private static final int CALIBRATION = 100;
  private static final int NOT_COUNTED = 15;

  private LoaderWait() {}

  /**
   * Measures and prints.
   *
   * @param arguments number of steps, 75 by default
   */
  public static void main(String[] arguments) throws IOException {
    int steps = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 75;
    Path folder = Files.createTempDirectory("rglcd-wait");
    Path shard = folder.resolve("pictures.tar");
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      JpegShard.write(shard, 160);
      DataSet data = DataSet.find(List.of(shard.toString()));
      BatchLoader loader =
          new BatchLoader(
              data, new SampleOrder(1, data.counts(), 1), BatchOptions.of(RESOLUTION), 1);
      ClipTokenizer tokenizer = ClipTokenizer.load(Starter.unpack().tokenizer());
      double load = secondsOfABatch(loader, data.total());
      double compute = CAPACITY * load;
      RunLimits limits = new RunLimits(1, 1, BATCH, 1, steps, 0, 0, 0);
      List<StepSeconds> seconds = Collections.synchronizedList(new ArrayList<>());
      TrainingRun.start(
              TrainingSettings.of(limits, data.total(), folder, Map.of()),
              (member, device) -> new SleepingReplica(compute),
              new BatchLoaderSource(loader, tokenizer, executor),
              event -> {
                if (event instanceof StepCommitted step) {
                  seconds.add(step.seconds());
                }
              })
          .result()
          .toCompletableFuture()
          .join();
      List<StepSeconds> counted = List.copyOf(seconds).subList(NOT_COUNTED, seconds.size());
      System.out.printf(
          Locale.ROOT,
          "steps=%d batch_load_s=%.4f compute_s=%.4f step_s=%.4f reduce_s=%.4f commit_s=%.4f"
              + " other_s=%.4f wait_percent=%.3f wait_percent_if_loaded_when_needed=%.1f%n",
          counted.size(),
          load,
          mean(counted, StepSeconds::compute),
          mean(counted, StepSeconds::total),
          mean(counted, StepSeconds::reduce),
          mean(counted, StepSeconds::commit),
          mean(counted, StepSeconds::other),
          100 * mean(counted, StepSeconds::load) / mean(counted, StepSeconds::total),
          100 * load / (load + compute));
    } finally {
      executor.shutdownNow();
      FileTrees.delete(folder);
    }
  }

  private static double mean(List<StepSeconds> steps, ToDoubleFunction<StepSeconds> part) {
    return steps.stream().mapToDouble(part).average().orElseThrow();
  }

  /** After everything is compiled. */
  private static double secondsOfABatch(BatchLoader loader, long samples) {
    long began = 0;
    for (int i = 0; i < 2 * CALIBRATION; i++) {
      if (i == CALIBRATION) {
        began = System.nanoTime();
      }
      int size = loader.load(new SampleRange(0, (long) i * BATCH % samples, BATCH)).size();
      if (size != BATCH) {
        throw new IllegalStateException(size + " samples (expected: " + BATCH + ")");
      }
    }
    return (System.nanoTime() - began) / 1e9 / CALIBRATION;
  }
}
