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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All-reduce between processes on loopback, float32 and bfloat16 on the wire, beside a plain socket
 * copy and, if its script is given, PyTorch's Gloo. Arguments: RANKS MEBIBYTES [GLOO_SCRIPT].
 */
public final class AllReduce {

  private static final int FIRST_PORT = 29600;

  private static final int ROUNDS = 7;

  private AllReduce() {}

  /**
   * Starts the ranks, or is one of them.
   *
   * @param arguments RANKS MEBIBYTES [GLOO_SCRIPT], or "rank" RANK RANKS MEBIBYTES WIRE
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
    SocketCopy.print(mebibytes);
    for (Wire wire : Wire.values()) {
      start(ranks, mebibytes, wire);
    }
    if (arguments.length > 2) {
      await(
          new ProcessBuilder(
                  System.getenv().getOrDefault("PYTHON", "python3"),
                  arguments[2],
                  Integer.toString(ranks),
                  Integer.toString(mebibytes))
              .inheritIO()
              .start());
    }
  }

  private static void start(int ranks, int mebibytes, Wire wire)
      throws IOException, InterruptedException {
    List<Process> processes = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      processes.add(
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx1g",
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
              .inheritIO()
              .start());
    }
    for (Process process : processes) {
      await(process);
    }
  }

  private static void await(Process process) throws InterruptedException {
    if (process.waitFor() != 0) {
      throw new IllegalStateException("a process ended with " + process.exitValue());
    }
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
    Torch.setIntraOpThreads(1);
    try (DataPlane plane = DataPlane.open(options);
        Scope scope = Scope.open()) {
      NDArray gradient = scope.create(values);
      NDArray mean = scope.create(values);
      for (int round = 0; round < 2 * ROUNDS + 3; round++) {
        boolean barrier = round % 2 == 0;
        double took =
            plane
                .reduce(plan(all, round, barrier ? ranks : elements), Map.of(rank, gradient), mean)
                .toCompletableFuture()
                .join()
                .seconds();
        if (!barrier && round > 1) {
          seconds[(round - 3) / 2] = took;
        }
      }
    }
    if (rank == 0) {
      Arrays.sort(seconds);
      double median = seconds[ROUNDS / 2];
      System.out.printf(
          Locale.ROOT,
          "rglcd ranks=%d mebibytes=%d wire=%s median_s=%.4f algbw=%.3f GiB/s%n",
          ranks,
          mebibytes,
          wire,
          median,
          mebibytes / 1024.0 / median);
    }
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
