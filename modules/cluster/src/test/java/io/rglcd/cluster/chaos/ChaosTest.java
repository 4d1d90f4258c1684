package io.rglcd.cluster.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code tools/chaos}, one minute of it; ten with the Maven profile chaos. */
class ChaosTest {

  @TempDir Path folder;

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void whateverHappensNothingIsLostAndNothingTwice() throws Exception {
    long minutes = Long.getLong("rglcd.chaos.minutes", 1);
    long seed = Long.getLong("rglcd.chaos.seed", 4);
    Verdict verdict =
        ChaosMain.run(folder, Duration.ofMinutes(minutes), 6, seed, System.out::println);
    System.out.print(verdict.text());
    assertThat(verdict.isWell()).as(verdict.text()).isTrue();
    assertThat(verdict.faults()).isPositive();
  }
}
