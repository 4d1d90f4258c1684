package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.cluster.TestPorts;
import io.rglcd.cluster.VectorFile;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.tensor.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SnapshotFetchTest {

  private static final String NAME = "snapshot-7";

  /** Numbers of a piece. */
  private static final int PIECE = SnapshotFiles.PIECE / Float.BYTES;

  /** Longer than it takes for a connection to be opened and the donor to be asked. */
  private static final long GREETING = 1000;

  @TempDir Path folder;

  private final Scope scope = Scope.open();
  private final List<DataPlane> planes = new ArrayList<>();

  @BeforeEach
  void open() {
    for (int i = 0; i < 3; i++) {
      planes.add(
          DataPlane.open(
              DataPlaneOptions.of("node-" + i, "127.0.0.1", 0, 0, "a secret")
                  .with(64, Duration.ofSeconds(2))));
    }
  }

  @AfterEach
  void close() {
    planes.forEach(DataPlane::close);
    scope.close();
  }

  private Endpoint at(int node) {
    return planes.get(node).endpoint();
  }

  private Path offered(int node, float[]... vectors) {
    Path file = folder.resolve("offered-" + node);
    List<NDArray> tensors = new ArrayList<>();
    for (float[] values : vectors) {
      tensors.add(scope.create(values));
    }
    VectorFile.write(file, tensors);
    planes.get(node).offer(NAME, file);
    return file;
  }

  private static float[] random(int seed, int size) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  private NDArray room(int size) {
    return scope.manager().zeros(new Shape(size));
  }

  private StartedFetch fetch(List<Endpoint> donors, NDArray... into) {
    return planes.get(2).fetch(NAME, donors, List.of(into));
  }

  private static SnapshotResult await(StartedFetch fetch) throws Exception {
    return fetch.result().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void comesFromSeveralDonorsIntoSeveralTensorsAndSurvivesOneThatIsGone() throws Exception {
    float[] first = random(1, PIECE + 1234);
    float[] second = random(2, 5);
    float[] third = random(3, 2 * PIECE);
    Path file = offered(0, first, second, third);
    offered(1, first, second, third);
    NDArray[] into = {room(first.length), room(second.length), room(third.length)};
    Endpoint dead = new Endpoint("dead", "127.0.0.1", TestPorts.free());
    SnapshotResult result = await(fetch(List.of(dead, at(0), at(1)), into));
    assertThat(result.bytes()).isEqualTo(Files.size(file));
    assertThat(into[0].toFloatArray()).isEqualTo(first);
    assertThat(into[1].toFloatArray()).isEqualTo(second);
    assertThat(into[2].toFloatArray()).isEqualTo(third);
  }

  @Test
  void whoOffersNothingOrTooLittleIsNamed() {
    offered(1, random(1, 10));
    assertThatThrownBy(() -> await(fetch(List.of(at(0), at(1)), room(11))))
        .hasMessageContaining("node-0")
        .hasMessageContaining("snapshot-7 is not offered")
        .hasMessageContaining("node-1 offers 40 bytes (expected: 44)");
  }

  @Test
  void donorsWithDifferentBytesAreNotMixed() throws Exception {
    float[] values = random(1, 4 * PIECE);
    float[] other = values.clone();
    other[3 * PIECE] += 1;
    offered(0, values);
    offered(1, other);
    NDArray into = room(values.length);
    await(fetch(List.of(at(0), at(1)), into));
    assertThat(into.toFloatArray()).isIn(values, other);
  }

  @Test
  void aConnectionThatBreaksIsOpenedAgainAndGoesOnWithWhatIsMissing() throws Exception {
    float[] values = random(1, 5 * PIECE + 1);
    offered(0, values);
    NDArray into = room(values.length);
    try (Proxy proxy =
        new Proxy(at(0)).toAnswers().cuttingAt(GREETING + SnapshotFiles.PIECE * 3L / 2)) {
      await(fetch(List.of(proxy.address()), into));
    }
    assertThat(into.toFloatArray()).isEqualTo(values);
  }

  @Test
  void aDonorThatNeverSendsAWholePieceIsGivenUp() throws Exception {
    float[] values = random(1, 2 * PIECE);
    offered(0, values);
    try (Proxy proxy = new Proxy(at(0)).toAnswers().cuttingAt(SnapshotFiles.PIECE / 2)) {
      assertThatThrownBy(() -> await(fetch(List.of(proxy.address()), room(values.length))))
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("snapshot-7 was not fetched")
          .hasMessageContaining("ended within a piece");
    }
  }

  @Test
  void aPieceWithAFlippedBitIsFetchedAgain() throws Exception {
    float[] values = random(1, 4 * PIECE);
    offered(0, values);
    NDArray into = room(values.length);
    // Of four pieces one of the two connections brings two at least.
    try (Proxy proxy =
        new Proxy(at(0)).toAnswers().flippingOnce(GREETING + SnapshotFiles.PIECE * 5L / 4)) {
      await(fetch(List.of(proxy.address()), into));
      assertThat(proxy.hasFlipped()).isTrue();
    }
    assertThat(into.toFloatArray()).isEqualTo(values);
  }

  @Test
  void oneThatIsCancelledEndsWithinASecondAndWritesNothingAfterwards() throws Exception {
    float[] values = random(1, 2 * PIECE);
    offered(0, values);
    NDArray into = room(values.length);
    float[] left;
    try (Proxy proxy = new Proxy(at(0)).toAnswers().haltingAt(SnapshotFiles.PIECE / 2)) {
      StartedFetch fetch = fetch(List.of(proxy.address()), into);
      while (into.toFloatArray()[0] == 0) {
        Thread.sleep(1);
      }
      long since = System.nanoTime();
      fetch.cancel();
      assertThatThrownBy(() -> fetch.result().toCompletableFuture().get(1, TimeUnit.SECONDS))
          .hasMessageContaining("cancelled");
      assertThat(Duration.ofNanos(System.nanoTime() - since)).isLessThan(Duration.ofSeconds(1));
      left = into.toFloatArray();
    }
    Thread.sleep(100);
    assertThat(into.toFloatArray()).isEqualTo(left);
  }

  @Test
  void oneOfAPlaneThatIsClosedEnds() {
    float[] values = random(1, PIECE);
    offered(0, values);
    DataPlane closed = planes.remove(2);
    closed.close();
    assertThatThrownBy(() -> await(closed.fetch(NAME, List.of(at(0)), List.of(room(PIECE)))))
        .hasMessageContaining("the data plane is closed");
  }
}
