package io.rglcd.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.cluster.dataplane.DataPlane;
import io.rglcd.cluster.dataplane.DataPlaneOptions;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * A joiner's snapshot: fetched from one and from two donors on loopback into four vectors, as a
 * replica has them, beside a plain socket copy of as many bytes. Arguments: [MEBIBYTES [ROUNDS]].
 */
public final class Snapshot {

  private static final int VECTORS = 4;

  private Snapshot() {}

  /**
   * Prints the rates.
   *
   * @param arguments [MEBIBYTES [ROUNDS]], 512 and 5 by default
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int mebibytes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 512;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    double[] plain = new double[rounds];
    double[] one = new double[rounds];
    double[] two = new double[rounds];
    Path folder = Files.createTempDirectory("rglcd-snapshot");
    Path source = folder.resolve("source");
    try (Scope scope = Scope.open();
        DataPlane first = open("first");
        DataPlane second = open("second");
        DataPlane joiner = open("joiner")) {
      List<NDArray> vectors = new ArrayList<>();
      for (int i = 0; i < VECTORS; i++) {
        vectors.add(scope.manager().zeros(new Shape(((long) mebibytes << 18) / VECTORS)));
      }
      write(source, mebibytes);
      first.offer("state", source);
      second.offer("state", source);
      for (int round = 0; round < rounds; round++) {
        plain[round] = SocketCopy.seconds(mebibytes);
        one[round] = fetch(joiner, vectors, first.endpoint());
        two[round] = fetch(joiner, vectors, first.endpoint(), second.endpoint());
      }
    } finally {
      Files.deleteIfExists(source);
      Files.delete(folder);
    }
    System.out.printf("%d MiB, median of %d rounds in alternation%n", mebibytes, rounds);
    print("plain socket", mebibytes, plain, plain);
    print("one donor", mebibytes, one, plain);
    print("two donors", mebibytes, two, plain);
  }

  private static DataPlane open(String node) {
    return DataPlane.open(DataPlaneOptions.of(node, "127.0.0.1", 0, 0, "bench"));
  }

  private static void write(Path file, int mebibytes) throws IOException {
    byte[] bytes = new byte[1 << 20];
    Random random = new Random(1);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(bytes);
        out.write(bytes);
      }
    }
  }

  private static double fetch(DataPlane joiner, List<NDArray> vectors, Endpoint... donors) {
    return joiner
        .fetch("state", List.of(donors), vectors)
        .result()
        .toCompletableFuture()
        .join()
        .seconds();
  }

  private static void print(String what, int mebibytes, double[] seconds, double[] plain) {
    double median = median(seconds);
    System.out.printf(
        Locale.ROOT,
        "%-12s %.3f s %6.3f GiB/s %4.0f %% of the plain socket%n",
        what,
        median,
        mebibytes / 1024.0 / median,
        100 * median(plain) / median);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
