package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AttemptsTest {

  private final AtomicInteger made = new AtomicInteger();

  @Test
  void itIsTriedUntilItSucceeds() throws Exception {
    begin(4, 3).get(10, TimeUnit.SECONDS);
    assertThat(made).hasValue(3);
  }

  @Test
  void theLastFailureIsTold() {
    assertThatThrownBy(() -> begin(3, 4).get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class)
        .hasRootCauseMessage("attempt 3");
    assertThat(made).hasValue(3);
  }

  private CompletableFuture<Void> begin(int tries, int succeedsAt) {
    return Attempts.begin(
            "a test",
            tries,
            Duration.ofMillis(1),
            () -> {
              int attempt = made.incrementAndGet();
              if (attempt < succeedsAt) {
                Undeclared.fail(new TimeoutException("attempt " + attempt));
              }
            })
        .toCompletableFuture();
  }
}
