package io.rglcd.cluster.actor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.SnapshotExchange;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotIntakeTest {

  private final Scope scope = Scope.open();
  private final Exchange exchange = new Exchange();

  @AfterEach
  void close() {
    scope.close();
  }

  private SnapshotIntake intake(NDArray vector) {
    return new SnapshotIntake(List.of(vector), exchange, "snapshot-1", List.of());
  }

  /** Keeps what it is to fill; ends when it is cancelled. */
  private static final class Exchange implements SnapshotExchange {

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private NDArray into;

    @Override
    public void offer(String name, Path file) {}

    @Override
    public void withdraw(String name) {}

    @Override
    public Arrival fetch(String name, List<Endpoint> donors, List<NDArray> vectors) {
      into = vectors.get(0);
      return new Arrival() {
        @Override
        public CompletionStage<Void> done() {
          return done;
        }

        @Override
        public void cancel() {
          done.completeExceptionally(new IllegalStateException("cancelled"));
        }
      };
    }

    @Override
    public void close() {}
  }

  @Test
  void aVectorOnTheCpuIsFilledItself() {
    NDArray vector = scope.create(new float[] {1, 2});
    try (SnapshotIntake intake = intake(vector)) {
      assertThat(exchange.into).isSameAs(vector);
      intake.finish();
    }
    assertThat(vector.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void oneThatIsClosedBeforeItHasArrivedIsCancelled() {
    intake(scope.create(1f)).close();
    assertThat(exchange.done).isCompletedExceptionally();
  }
}
