package io.rglcd.bench;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.DataPlane;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import io.rglcd.cluster.dataplane.ReductionPlan;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.dataplane.ReductionPlan.Slice;
import io.rglcd.cluster.dataplane.Wire;
import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All-reduce between processes on loopback, float32 and bfloat16 on the wire, beside a plain socket
 * copy and, if its script is given, PyTorch's Gloo. Arguments: RANKS MEBIBYTES [GLOO_SCRIPT
 * [ALTERNATIONS]].
 */
public final class AllReduce {

  private static final int FIRST_PORT = 29600;

  /** Mebibytes of rounds that are not counted, while the virtual machine still compiles. */
  private static final int WARM_UP = 24576;

  /** Of each kind, that are counted. */
  private static final int ROUNDS = 21;

  private static final String PLAIN = "plain socket";

  private AllReduce() {}

  /**
   * Starts the ranks, or is one of them.
   *
   * @param arguments RANKS MEBIBYTES [GLOO_SCRIPT [ALTERNATIONS]], or "rank" RANK RANKS MEBIBYTES
   *     WIRE
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length > 0 && arguments[0].equals("rank")) {
      rank(
          Integer.parseInt(arguments[1]),
          Integer.parseInt(arguments[2]),
          Integer.parseInt(arguments[3]),
          Wire.valueOf(arguments[4]));
      return;
    }
    int ranks = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
    int mebibytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 64;
    Optional<String> gloo =
        arguments.length > 2 ? Optional.of(arguments[2]) : Optional.<String>empty();
    int alternations = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (int i = 0; i < alternations; i++) {
      note(seconds, PLAIN, SocketCopy.seconds(mebibytes));
      for (Wire wire : Wire.values()) {
        note(seconds, "rglcd " + wire, start(ranks, mebibytes, wire));
      }
      if (gloo.isPresent()) {
        note(seconds, "gloo", gloo(gloo.get(), ranks, mebibytes));
      }
    }
    print(ranks, mebibytes, seconds);
  }

  private static void note(Map<String, List<Double>> seconds, String what, double measured) {
    seconds.computeIfAbsent(what, w -> new ArrayList<>()).add(measured);
  }

  private static void print(int ranks, int mebibytes, Map<String, List<Double>> seconds) {
    double gloo = median(seconds.getOrDefault("gloo", List.of(Double.NaN)));
    double plain = mebibytes / median(seconds.get(PLAIN));
    System.out.printf("%d ranks, %d MiB, median of medians%n", ranks, mebibytes);
    seconds.forEach(
        (what, measured) -> {
          double median = median(measured);
          System.out.printf(
              Locale.ROOT,
              "%-14s %.4f s %7.3f GiB/s %6.2f x Gloo, its bytes at %3.0f %% of the plain rate%n",
              what,
              median,
              mebibytes / 1024.0 / median,
              gloo / median,
              100 * sent(what, ranks, mebibytes) / median / plain);
        });
  }

  /** Mebibytes through all sockets together: each rank sends all slices but its own, twice. */
  private static double sent(String what, int ranks, int mebibytes) {
    if (what.equals(PLAIN)) {
      return mebibytes;
    }
    double all = 2.0 * (ranks - 1) * mebibytes;
    return what.endsWith(Wire.BF16.name()) ? all / 2 : all;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElse(Double.NaN);
  }

  private static double start(int ranks, int mebibytes, Wire wire)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      processes.add(
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx3g",
                  "-XX:+UseSerialGC",
                  "-Dai.djl.offline=true",
                  "-cp",
                  System.getProperty("java.class.path"),
                  AllReduce.class.getName(),
                  "rank",
                  Integer.toString(rank),
                  Integer.toString(ranks),
                  Integer.toString(mebibytes),
                  wire.name())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    List<String> lines = new ArrayList<>();
    for (Process process : processes) {
      lines.add(line(process));
    }
    System.out.println(lines.get(0));
    return figure(lines.get(0), "median_s=");
  }

  private static double gloo(String script, int ranks, int mebibytes)
      throws IOException, InterruptedException {
    String python = System.getenv().getOrDefault("PYTHON", "python3");
    String line =
        line(
            new ProcessBuilder(
                    python,
                    script,
                    Integer.toString(ranks),
                    Integer.toString(mebibytes),
                    Integer.toString(ROUNDS))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    System.out.println(line);
    return figure(line, "median_s=");
  }

  private static String line(Process process) throws IOException, InterruptedException {
    String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException("a process ended with " + process.exitValue());
    }
    return all.strip();
  }

  private static double figure(String line, String name) {
    int start = line.indexOf(name) + name.length();
    return Double.parseDouble(line.substring(start).split(" ", 2)[0]);
  }

  private static void rank(int rank, int ranks, int mebibytes, Wire wire) {
    List<Endpoint> all = new ArrayList<>();
    for (int i = 0; i < ranks; i++) {
      all.add(new Endpoint("rank" + i, "127.0.0.1", FIRST_PORT + i));
    }
    int elements = mebibytes << 18;
    DataPlaneOptions options =
        DataPlaneOptions.of(
                "rank" + rank, "127.0.0.1", FIRST_PORT + rank, FIRST_PORT + rank, "bench")
            .with(wire);
    float[] values = new float[elements];
    Arrays.fill(values, 1f / (rank + 1));
    double[] seconds = new double[ROUNDS];
    double cpu = 0;
    int warmUp = Math.max(1, WARM_UP / mebibytes);
    Torch.setIntraOpThreads(1);
    try (DataPlane plane = DataPlane.open(options);
        Scope scope = Scope.open()) {
      NDArray gradient = scope.create(values);
      NDArray mean = scope.create(values);
      for (int round = 0; round < 2 * (warmUp + ROUNDS) + 1; round++) {
        boolean barrier = round % 2 == 0;
        if (round == 2 * warmUp) {
          cpu = cpuSeconds();
        }
        double took =
            plane
                .reduce(plan(all, round, barrier ? ranks : elements), Map.of(rank, gradient), mean)
                .toCompletableFuture()
                .join()
                .seconds();
        if (!barrier && round > 2 * warmUp) {
          seconds[round / 2 - warmUp] = took;
        }
      }
    }
    cpu = (cpuSeconds() - cpu) / ROUNDS * 1024 / mebibytes;
    if (rank == 0) {
      Arrays.sort(seconds);
      double median = seconds[ROUNDS / 2];
      System.out.printf(
          Locale.ROOT,
          "rglcd ranks=%d mebibytes=%d wire=%s median_s=%.4f algbw=%.3f rank_cpu_s_per_GiB=%.2f%n",
          ranks,
          mebibytes,
          wire,
          median,
          mebibytes / 1024.0 / median,
          cpu);
    }
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  private static ReductionPlan plan(List<Endpoint> all, int round, int elements) {
    List<Slice> slices = new ArrayList<>();
    List<Contribution> contributions = new ArrayList<>();
    int ranks = all.size();
    for (int i = 0; i < ranks; i++) {
      long start = (long) elements * i / ranks;
      slices.add(new Slice(all.get(i), start, (long) elements * (i + 1) / ranks - start));
      contributions.add(new Contribution(i, all.get(i), 1f / ranks));
    }
    StepKey key =
        new StepKey(new Term(1), new Generation(1), new StepNumber(round + 1L), new Attempt(0));
    return new ReductionPlan(key, elements, slices, contributions, all, List.of());
  }
}
