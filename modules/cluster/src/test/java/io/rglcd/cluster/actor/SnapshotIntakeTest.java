package io.rglcd.cluster.actor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SnapshotIntakeTest {

  private final Scope scope = Scope.open();
  private final StillExchange exchange = new StillExchange();

  @AfterEach
  void close() {
    scope.close();
  }

  private SnapshotIntake intake(NDArray vector) {
    return new SnapshotIntake(List.of(vector), exchange, "snapshot-1", List.of());
  }

  @Test
  void aVectorOnTheCpuIsFilledItself() {
    NDArray vector = scope.create(new float[] {1, 2});
    try (SnapshotIntake intake = intake(vector)) {
      assertThat(exchange.fetches().get(0).into().get(0)).isSameAs(vector);
      intake.finish();
    }
    assertThat(vector.toFloatArray()).containsExactly(1, 2);
  }

  @Test
  void oneThatIsClosedBeforeItHasArrivedIsCancelled() {
    intake(scope.create(1f)).close();
    assertThat(exchange.fetches().get(0).done()).isCompletedExceptionally();
  }
}
