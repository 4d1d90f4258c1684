package io.rglcd.bench;

import io.rglcd.data.BatchLoader;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.SampleRange;
import io.rglcd.data.image.ImageDecoder;
import io.rglcd.data.image.ImageException;
import io.rglcd.data.image.ImageTransform;
import io.rglcd.data.image.Interpolation;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.image.Size;
import io.rglcd.data.image.Square;
import io.rglcd.data.shard.SampleEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Samples a second from a shard of JPEGs of 1024x768 pixels to crops of 512, as training loads
 * them, on one core and on two, with the share of each stage, beside a loader in Python if its
 * script is given. Arguments: [SAMPLES [PEER_SCRIPT [ALTERNATIONS]]].
 */
public final class Decode {

  private static final int RESOLUTION = 512;
  private static final int BATCH = 16;

  /** Seconds in which the virtual machine compiles; they do not count. */
  private static final double WARM_UP = 8;

  private static final double MEASURED = 8;
  private static final String OURS = "rglcd, ";

  private Decode() {}

  /**
   * Makes the shard and measures in processes bound to cores, or is one of them.
   *
   * @param arguments [SAMPLES [PEER_SCRIPT [ALTERNATIONS]]], or "load" SHARD THREADS
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 3 && arguments[0].equals("load")) {
      load(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
      return;
    }
    int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    int alternations = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    Path folder = Files.createTempDirectory("rglcd-decode");
    Path shard = folder.resolve("pictures.tar");
    try {
      JpegShard.write(shard, samples);
      Map<String, List<Double>> rates = new TreeMap<>();
      for (int i = 0; i < alternations; i++) {
        for (int cores = 1; cores <= 2; cores++) {
          note(rates, OURS + cores + " core", ours(shard, cores));
        }
        if (arguments.length > 1) {
          note(rates, "peer, 1 core", peer(arguments[1], shard));
        }
      }
      rates.forEach(
          (what, values) ->
              System.out.printf(Locale.ROOT, "%-14s %.1f samples/s%n", what, median(values)));
      double one = median(rates.get(OURS + "1 core"));
      System.out.printf(
          Locale.ROOT, "two cores / one %.2f%n", median(rates.get(OURS + "2 core")) / one);
      if (rates.containsKey("peer, 1 core")) {
        System.out.printf(
            Locale.ROOT, "ours / peer     %.2f%n", one / median(rates.get("peer, 1 core")));
      }
    } finally {
      Files.deleteIfExists(shard);
      Files.delete(folder);
    }
  }

  private static void note(Map<String, List<Double>> rates, String what, double rate) {
    rates.computeIfAbsent(what, w -> new ArrayList<>()).add(rate);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static double ours(Path shard, int cores) throws IOException, InterruptedException {
    return rate(
        List.of(
            "taskset",
            "-c",
            cores == 1 ? "0" : "0,1",
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:+UseParallelGC",
            "-Xmx2g",
            "-cp",
            System.getProperty("java.class.path"),
            Decode.class.getName(),
            "load",
            shard.toString(),
            Integer.toString(cores)),
        "per_second=");
  }

  private static double peer(String script, Path shard) throws IOException, InterruptedException {
    String python = System.getenv().getOrDefault("PYTHON", "python3");
    return rate(
        List.of(
            "taskset", "-c", "0", python, script, Integer.toString(RESOLUTION), shard.toString()),
        "per_second=");
  }

  private static double rate(List<String> command, String figure)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(command + " ended with " + process.exitValue());
    }
    System.out.print(said);
    String rest = said.substring(said.indexOf(figure) + figure.length());
    return Double.parseDouble(rest.strip().split("\\s", 2)[0]);
  }

  private static void load(Path shard, int threads)
      throws IOException, ImageException, InterruptedException, ExecutionException {
    DataSet data = DataSet.find(List.of(shard.toString()));
    BatchLoader loader =
        new BatchLoader(
            data,
            new SampleOrder(1, data.counts(), 1),
            BatchOptions.of(RESOLUTION).withInterpolation(Interpolation.BILINEAR),
            1);
    if (threads == 1) {
      stages(data.shards().get(0).samples(), WARM_UP / 2);
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    rate(loader, data.total(), executor, threads, WARM_UP / 2);
    double rate = rate(loader, data.total(), executor, threads, MEASURED);
    executor.shutdown();
    String stages = threads == 1 ? stages(data.shards().get(0).samples(), MEASURED) : "";
    System.out.printf(Locale.ROOT, "rglcd threads=%d %s per_second=%.1f%n", threads, stages, rate);
  }

  private static double rate(
      BatchLoader loader, long total, ExecutorService executor, int threads, double seconds)
      throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    List<Future<Integer>> counts = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      counts.add(
          executor.submit(
              () -> {
                int samples = 0;
                for (long at = 0; System.nanoTime() - began < seconds * 1e9; at += BATCH) {
                  samples += loader.load(new SampleRange(0, at % (total - BATCH), BATCH)).size();
                }
                return samples;
              }));
    }
    int samples = 0;
    for (Future<Integer> count : counts) {
      samples += count.get();
    }
    return samples / ((System.nanoTime() - began) / 1e9);
  }

  /** Each stage by itself; says what share of all it has. */
  private static String stages(List<SampleEntry> samples, double seconds)
      throws IOException, ImageException {
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS);
    float[] out = new float[3 * RESOLUTION * RESOLUTION];
    long[] nanos = new long[3];
    long began = System.nanoTime();
    int count = 0;
    while (System.nanoTime() - began < seconds * 1e9) {
      SampleEntry sample = samples.get(count++ % samples.size());
      long start = System.nanoTime();
      byte[] bytes = sample.field(List.of("jpg")).orElseThrow().read();
      long read = System.nanoTime();
      RgbImage image = decoder.decode(bytes);
      long decoded = System.nanoTime();
      Size size = Size.of(image).withShorterSide(RESOLUTION, ImageDecoder.DEFAULT_MAX_PIXELS);
      Square square = new Square(0, 17, RESOLUTION, false);
      ImageTransform.resizeAndCrop(image, size, Interpolation.BILINEAR, square, out, 0);
      long resized = System.nanoTime();
      nanos[0] += read - start;
      nanos[1] += decoded - read;
      nanos[2] += resized - decoded;
    }
    return String.format(
        Locale.ROOT,
        "read_ms=%.2f decode_ms=%.2f resize_and_crop_ms=%.2f",
        nanos[0] / 1e6 / count,
        nanos[1] / 1e6 / count,
        nanos[2] / 1e6 / count);
  }
}
