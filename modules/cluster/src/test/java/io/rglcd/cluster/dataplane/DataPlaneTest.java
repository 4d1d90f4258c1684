package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.cluster.TestPorts;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.dataplane.ReductionPlan.Slice;
import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Torch;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DataPlaneTest {

  private static final String SECRET = "a secret";

  @BeforeAll
  static void startEngine() {
    Torch.setIntraOpThreads(1);
  }

  private static DataPlaneOptions options(String node, Wire wire) {
    return DataPlaneOptions.of(node, "127.0.0.1", 0, 0, SECRET)
        .with(wire)
        .with(64, Duration.ofSeconds(2));
  }

  private static StepKey key(long step, long attempt) {
    return new StepKey(new Term(1), new Generation(1), new StepNumber(step), new Attempt(attempt));
  }

  /** Nodes with a mean each, and what belongs to them. */
  private static final class Nodes implements AutoCloseable {
    final List<DataPlane> planes = new ArrayList<>();
    final List<NDArray> means = new ArrayList<>();
    final Scope scope = Scope.open();
    final int elements;

    Nodes(int count, int elements, Wire wire) {
      this.elements = elements;
      for (int i = 0; i < count; i++) {
        planes.add(DataPlane.open(options("node-" + i, wire)));
        means.add(scope.manager().zeros(new Shape(elements)));
      }
    }

    Endpoint at(int node) {
      return planes.get(node).endpoint();
    }

    List<Endpoint> all() {
      return planes.stream().map(DataPlane::endpoint).toList();
    }

    List<Slice> slices(int owners) {
      List<Slice> slices = new ArrayList<>();
      for (int i = 0; i < owners; i++) {
        long start = (long) elements * i / owners;
        long end = (long) elements * (i + 1) / owners;
        if (end > start) {
          slices.add(new Slice(at(i), start, end - start));
        }
      }
      return slices;
    }

    NDArray vector(Random random) {
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3));
      }
      return scope.create(values);
    }

    @Override
    public void close() {
      planes.forEach(DataPlane::close);
      scope.close();
    }
  }

  @Property(tries = 25)
  void meanIsTheSumOfNeighboursOnEveryNodeWhoeverHoldsAndAdds(
      @ForAll @IntRange(min = 1, max = 4) int nodes,
      @ForAll @IntRange(min = 1, max = 9) int vectors,
      @ForAll @IntRange(min = 1, max = 1500) int elements,
      @ForAll long seed)
      throws Exception {
    Random random = new Random(seed);
    try (Nodes world = new Nodes(nodes, elements, Wire.FP32)) {
      float[][] parts = new float[vectors][elements];
      List<Contribution> contributions = new ArrayList<>();
      List<Map<Integer, NDArray>> held = new ArrayList<>();
      world.planes.forEach(p -> held.add(new HashMap<>()));
      for (int i = 0; i < vectors; i++) {
        NDArray vector = world.vector(random);
        float weight = (float) ((1 + random.nextInt(7)) / 11.0);
        int holder = random.nextInt(nodes);
        held.get(holder).put(i, vector);
        contributions.add(new Contribution(i, world.at(holder), weight));
        float[] values = vector.toFloatArray();
        for (int e = 0; e < elements; e++) {
          parts[i][e] = values[e] * weight;
        }
      }
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0),
              elements,
              world.slices(1 + random.nextInt(nodes)),
              contributions,
              world.all(),
              List.of());
      List<CompletionStage<ReductionResult>> results = new ArrayList<>();
      for (int n = 0; n < nodes; n++) {
        results.add(world.planes.get(n).reduce(plan, held.get(n), world.means.get(n)));
      }
      for (CompletionStage<ReductionResult> result : results) {
        result.toCompletableFuture().get(20, TimeUnit.SECONDS);
      }
      for (NDArray mean : world.means) {
        assertThat(mean.toFloatArray()).isEqualTo(SumOfNeighbours.of(parts));
      }
    }
  }

  @Test
  void neighboursOfOneNodeAreAddedBeforeTheyTravel() throws Exception {
    try (Nodes world = new Nodes(2, 1000, Wire.FP32)) {
      Random random = new Random(3);
      List<Contribution> contributions = new ArrayList<>();
      List<Map<Integer, NDArray>> held = List.of(new HashMap<>(), new HashMap<>());
      for (int i = 0; i < 8; i++) {
        held.get(i / 4).put(i, world.vector(random));
        contributions.add(new Contribution(i, world.at(i / 4), 0.125f));
      }
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0), 1000, world.slices(2), contributions, world.all(), List.of());
      List<CompletionStage<ReductionResult>> results = new ArrayList<>();
      for (int n = 0; n < 2; n++) {
        results.add(world.planes.get(n).reduce(plan, held.get(n), world.means.get(n)));
      }
      for (CompletionStage<ReductionResult> result : results) {
        ReductionResult of = result.toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(of.bytesSent()).as("a sum and a mean, each of a slice").isEqualTo(4 * 1000);
      }
    }
  }

  @Test
  void bfloat16GivesAllNodesTheSameRoundedMean() throws Exception {
    try (Nodes world = new Nodes(3, 1000, Wire.BF16)) {
      Random random = new Random(1);
      NDArray first = world.vector(random);
      NDArray second = world.vector(random);
      List<Contribution> contributions =
          List.of(new Contribution(0, world.at(0), 0.5f), new Contribution(1, world.at(2), 0.5f));
      run(world, key(1, 0), contributions, List.of(Map.of(0, first), Map.of(), Map.of(1, second)));
      float[] mean = world.means.get(0).toFloatArray();
      assertThat(world.means.get(1).toFloatArray()).isEqualTo(mean);
      assertThat(world.means.get(2).toFloatArray()).isEqualTo(mean);
      run(
          world,
          key(2, 0),
          List.of(new Contribution(0, world.at(1), 0.5f), new Contribution(1, world.at(1), 0.5f)),
          List.of(Map.of(), Map.of(0, first, 1, second), Map.of()));
      assertThat(world.means.get(2).toFloatArray()).as("whoever holds what").isEqualTo(mean);
      for (int i = 0; i < mean.length; i++) {
        assertThat(Float.floatToIntBits(mean[i]) & 0xffff).as("bfloat16").isZero();
        double exact = 0.5 * (first.toFloatArray()[i] + (double) second.toFloatArray()[i]);
        assertThat((double) mean[i])
            .isCloseTo(
                exact,
                org.assertj.core.data.Offset.offset(
                    0.02
                        * (Math.abs(first.toFloatArray()[i])
                            + Math.abs(second.toFloatArray()[i]))));
      }
    }
  }

  private static void run(
      Nodes world, StepKey key, List<Contribution> contributions, List<Map<Integer, NDArray>> held)
      throws Exception {
    ReductionPlan plan =
        new ReductionPlan(
            key,
            world.elements,
            world.slices(world.planes.size()),
            contributions,
            world.all(),
            List.of());
    List<CompletionStage<ReductionResult>> results = new ArrayList<>();
    for (int n = 0; n < world.planes.size(); n++) {
      results.add(world.planes.get(n).reduce(plan, held.get(n), world.means.get(n)));
    }
    for (CompletionStage<ReductionResult> result : results) {
      result.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void gradientsAreReducedAsFarAsTheyAreReady() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32)) {
      NDArray first = world.vector(new Random(12));
      NDArray second = world.vector(new Random(13));
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0),
              500,
              world.slices(2),
              List.of(
                  new Contribution(0, world.at(0), 0.5f), new Contribution(1, world.at(1), 0.5f)),
              world.all(),
              List.of());
      StartedReduction one = world.planes.get(0).begin(plan, Map.of(0, first), world.means.get(0));
      StartedReduction other =
          world.planes.get(1).begin(plan, Map.of(1, second), world.means.get(1));
      one.ready(100);
      other.ready(100);
      float expected = first.toFloatArray()[0] * 0.5f + second.toFloatArray()[0] * 0.5f;
      NodeWait.until(
          () -> world.means.stream().allMatch(mean -> mean.toFloatArray()[0] == expected));
      for (NDArray mean : world.means) {
        assertThat(mean.toFloatArray()[499]).as("not ready").isZero();
      }
      assertThat(one.result().toCompletableFuture()).isNotDone();
      one.ready(500);
      other.ready(500);
      one.result().toCompletableFuture().get(10, TimeUnit.SECONDS);
      other.result().toCompletableFuture().get(10, TimeUnit.SECONDS);
      float[] values = world.means.get(0).toFloatArray();
      assertThat(values[499])
          .isEqualTo(first.toFloatArray()[499] * 0.5f + second.toFloatArray()[499] * 0.5f);
      assertThat(world.means.get(1).toFloatArray()).isEqualTo(values);
    }
  }

  @Test
  void nodeThatIsDoneMayBeginTheNextOneWhileOthersAreStillReceiving() throws Exception {
    try (Nodes world = new Nodes(3, 5000, Wire.FP32)) {
      NDArray vector = world.vector(new Random(14));
      List<Contribution> contributions = List.of(new Contribution(0, world.at(0), 1f));
      List<CompletableFuture<Void>> nodes = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        int node = n;
        nodes.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int step = 1; step <= 20; step++) {
                    ReductionPlan plan =
                        new ReductionPlan(
                            key(step, 0),
                            5000,
                            world.slices(3),
                            contributions,
                            world.all(),
                            List.of());
                    Map<Integer, NDArray> mine = node == 0 ? Map.of(0, vector) : Map.of();
                    world
                        .planes
                        .get(node)
                        .reduce(plan, mine, world.means.get(node))
                        .toCompletableFuture()
                        .join();
                  }
                },
                task -> new Thread(task).start()));
      }
      for (CompletableFuture<Void> node : nodes) {
        node.get(30, TimeUnit.SECONDS);
      }
      for (NDArray mean : world.means) {
        assertThat(mean.toFloatArray()).isEqualTo(vector.toFloatArray());
      }
    }
  }

  @Test
  void deadFollowerHarmsNobody() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32)) {
      Endpoint dead = new Endpoint("dead", "127.0.0.1", TestPorts.free());
      NDArray vector = world.vector(new Random(2));
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0),
              500,
              world.slices(2),
              List.of(new Contribution(0, world.at(0), 1f)),
              world.all(),
              List.of(dead));
      var first = world.planes.get(0).reduce(plan, Map.of(0, vector), world.means.get(0));
      var second = world.planes.get(1).reduce(plan, Map.of(), world.means.get(1));
      first.toCompletableFuture().get(10, TimeUnit.SECONDS);
      second.toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(world.means.get(1).toFloatArray()).isEqualTo(vector.toFloatArray());
    }
  }

  @Test
  void deadReceiverFailsTheReductionAndTheNextOneWorks() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32)) {
      Endpoint dead = new Endpoint("dead", "127.0.0.1", TestPorts.free());
      NDArray vector = world.vector(new Random(3));
      List<Contribution> contributions = List.of(new Contribution(0, world.at(0), 1f));
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0),
              500,
              world.slices(2),
              contributions,
              List.of(world.at(0), world.at(1), dead),
              List.of());
      var failed = world.planes.get(0).reduce(plan, Map.of(0, vector), world.means.get(0));
      assertThatThrownBy(() -> failed.toCompletableFuture().get(10, TimeUnit.SECONDS))
          .hasMessageContaining("sending to dead");
      run(world, key(1, 1), contributions, List.of(Map.of(0, vector), Map.of()));
      assertThat(world.means.get(1).toFloatArray()).isEqualTo(vector.toFloatArray());
    }
  }

  @Test
  void abortEndsAWaitingReductionWithinASecond() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32)) {
      NDArray vector = world.vector(new Random(4));
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0),
              500,
              world.slices(2),
              List.of(new Contribution(0, world.at(0), 1f), new Contribution(1, world.at(1), 1f)),
              world.all(),
              List.of());
      CompletableFuture<ReductionResult> waiting =
          world
              .planes
              .get(0)
              .reduce(plan, Map.of(0, vector), world.means.get(0))
              .toCompletableFuture();
      assertThat(waiting).isNotDone();
      long start = System.nanoTime();
      world.planes.get(0).abort(key(1, 0));
      assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS)).hasMessageContaining("aborted");
      assertThat((System.nanoTime() - start) / 1e9).isLessThan(1.5);
      run(
          world,
          key(1, 1),
          List.of(new Contribution(0, world.at(0), 1f)),
          List.of(Map.of(0, vector), Map.of()));
      assertThat(world.means.get(1).toFloatArray()).isEqualTo(vector.toFloatArray());
    }
  }

  @Test
  void silentPeerIsNoticedWhenPatienceEnds() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32)) {
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0),
              500,
              world.slices(2),
              List.of(new Contribution(0, world.at(1), 1f)),
              world.all(),
              List.of());
      var waiting = world.planes.get(0).reduce(plan, Map.of(), world.means.get(0));
      assertThatThrownBy(() -> waiting.toCompletableFuture().get(10, TimeUnit.SECONDS))
          .hasMessageContaining("nothing has arrived or left for PT2S");
    }
  }

  /** Node 1 gives the only vector to node 0, which owns everything, through the proxy. */
  private static List<CompletableFuture<ReductionResult>> through(
      Proxy proxy, Nodes world, NDArray vector, long attempt) {
    List<CompletableFuture<ReductionResult>> results = new ArrayList<>();
    for (int node = 0; node < 2; node++) {
      Endpoint owner = node == 0 ? world.at(0) : proxy.address();
      ReductionPlan plan =
          new ReductionPlan(
              key(1, attempt),
              world.elements,
              List.of(new Slice(owner, 0, world.elements)),
              List.of(new Contribution(0, world.at(1), 1f)),
              List.of(owner, world.at(1)),
              List.of());
      Map<Integer, NDArray> mine = node == 1 ? Map.of(0, vector) : Map.of();
      results.add(
          world.planes.get(node).reduce(plan, mine, world.means.get(node)).toCompletableFuture());
    }
    return results;
  }

  @Test
  void flippedBitIsNeverAddedAndTheNextAttemptIsRight() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32);
        Proxy proxy = new Proxy(world.at(0)).flippingOnce(700)) {
      NDArray vector = world.vector(new Random(8));
      List<CompletableFuture<ReductionResult>> first = through(proxy, world, vector, 0);
      assertThatThrownBy(() -> first.get(0).get(10, TimeUnit.SECONDS))
          .hasMessageContaining("was damaged on the way");
      assertThatThrownBy(() -> first.get(1).get(10, TimeUnit.SECONDS)).isNotNull();
      for (CompletableFuture<ReductionResult> result : through(proxy, world, vector, 1)) {
        result.get(10, TimeUnit.SECONDS);
      }
      assertThat(world.means.get(0).toFloatArray()).isEqualTo(vector.toFloatArray());
      assertThat(world.means.get(1).toFloatArray()).isEqualTo(vector.toFloatArray());
    }
  }

  @Test
  void halfOpenConnectionEndsWithPatienceOnBothSides() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32);
        Proxy proxy = new Proxy(world.at(0)).haltingAt(900)) {
      NDArray vector = world.vector(new Random(9));
      for (CompletableFuture<ReductionResult> result : through(proxy, world, vector, 0)) {
        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS))
            .hasMessageContaining("nothing has arrived or left for PT2S");
      }
    }
  }

  @Test
  void framesOfAnOlderAttemptAreThrownAwayAndCounted() throws Exception {
    try (Nodes world = new Nodes(2, 500, Wire.FP32)) {
      NDArray old = world.vector(new Random(10));
      NDArray current = world.vector(new Random(11));
      List<Contribution> contributions = List.of(new Contribution(0, world.at(1), 1f));
      ReductionPlan late =
          new ReductionPlan(
              key(1, 0),
              500,
              List.of(new Slice(world.at(0), 0, 500)),
              contributions,
              world.all(),
              List.of());
      run(world, key(1, 1), contributions, List.of(Map.of(), Map.of(0, current)));
      try (DataPlane slow = DataPlane.open(options(world.at(1).node(), Wire.FP32))) {
        ReductionPlan theirs =
            new ReductionPlan(
                key(1, 0),
                500,
                late.slices(),
                List.of(new Contribution(0, slow.endpoint(), 1f)),
                List.of(world.at(0), slow.endpoint()),
                List.of());
        var ignored = slow.reduce(theirs, Map.of(0, old), world.scope.create(new float[500]));
        NodeWait.until(() -> world.planes.get(0).lateFrames() > 0);
        assertThat(ignored.toCompletableFuture()).isNotCompleted();
      }
      assertThat(world.means.get(0).toFloatArray()).isEqualTo(current.toFloatArray());
    }
  }

  @Test
  void otherSecretAndGarbageAreRefusedWithoutHarm() throws Exception {
    try (Nodes world = new Nodes(1, 10, Wire.FP32);
        DataPlane stranger =
            DataPlane.open(DataPlaneOptions.of("stranger", "127.0.0.1", 0, 0, "other"));
        Socket garbage =
            new Socket(java.net.InetAddress.getLoopbackAddress(), world.at(0).port())) {
      garbage
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      ReductionPlan plan =
          new ReductionPlan(
              key(1, 0),
              10,
              List.of(new Slice(world.at(0), 0, 10)),
              List.of(new Contribution(0, stranger.endpoint(), 1f)),
              List.of(world.at(0), stranger.endpoint()),
              List.of());
      NDArray vector = world.vector(new Random(5));
      var failed = stranger.reduce(plan, Map.of(0, vector), world.scope.create(new float[10]));
      assertThatThrownBy(() -> failed.toCompletableFuture().get(10, TimeUnit.SECONDS))
          .hasMessageContaining("does not know the cluster secret");
      assertThat(world.planes.get(0).refusedConnections()).isGreaterThanOrEqualTo(1);
      run(
          world,
          key(2, 0),
          List.of(new Contribution(0, world.at(0), 1f)),
          List.of(Map.of(0, vector)));
      assertThat(world.means.get(0).toFloatArray()).isEqualTo(vector.toFloatArray());
    }
  }

  @Test
  void usedUpPortRangeIsOneSentence() {
    try (DataPlane first = DataPlane.open(options("first", Wire.FP32))) {
      int port = first.endpoint().port();
      assertThatThrownBy(
              () -> DataPlane.open(DataPlaneOptions.of("second", "127.0.0.1", port, port, SECRET)))
          .hasMessage(
              "data plane: no free port from "
                  + port
                  + " to "
                  + port
                  + " on 127.0.0.1 (choose another range)");
    }
  }

  @Test
  void closedPlaneLeavesNoThread() {
    DataPlane plane = DataPlane.open(options("closing", Wire.FP32));
    plane.close();
    assertThatThrownBy(
            () ->
                SocketChannel.open(
                        new InetSocketAddress(
                            java.net.InetAddress.getLoopbackAddress(), plane.endpoint().port()))
                    .close())
        .isInstanceOf(java.net.ConnectException.class);
  }
}
