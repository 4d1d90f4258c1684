package io.rglcd.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepLogTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("steps.csv");
  }

  private static StepPoint point(long step) {
    return new StepPoint(step, -0.1 / step, 1e-9, Double.NaN, 2.5, 3e-4, 32, 0.7);
  }

  private void write(long... steps) {
    try (StepLog log = StepLog.open(file, 0)) {
      for (long step : steps) {
        log.add(point(step));
      }
    }
  }

  private List<StepPoint> read(long last) {
    try (StepLog log = StepLog.open(file, last)) {
      return log.points();
    }
  }

  @Test
  void everyDigitOfAStepComesBack() {
    write(1, 2, 3);
    assertThat(read(3)).containsExactly(point(1), point(2), point(3));
  }

  @Test
  void stepsAfterTheCheckpointAreForgottenAlsoInTheFile() {
    write(1, 2, 3);
    assertThat(read(2)).containsExactly(point(1), point(2));
    assertThat(read(9)).containsExactly(point(1), point(2));
  }

  @Test
  void aRunFromTheVeryStartForgetsAll() {
    write(1, 2, 3);
    assertThat(read(0)).isEmpty();
  }

  @Test
  void aStepThatComesAgainReplacesItselfAndAllAfterIt() {
    write(1, 2, 3, 2);
    assertThat(read(9)).containsExactly(point(1), point(2));
  }

  @Test
  void aLineThatAKilledProcessLeftUnfinishedDoesNotCount() throws IOException {
    write(1);
    Files.writeString(file, "2,0.5,0.5,0.1,2.5,3e-4,32,0.7", StandardOpenOption.APPEND);
    assertThat(read(9)).containsExactly(point(1));
  }

  @Test
  void aDamagedLineIsNamedWithTheRemedy() throws IOException {
    write(1);
    Files.writeString(file, "2,zero,0.5,0.1,2.5,3e-4,32,0.7\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> read(9))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("steps.csv, line 3: 2,zero,")
        .hasMessageContaining("without the file the run goes on");
    Files.writeString(file, "step\n1,2\n");
    assertThatThrownBy(() -> read(9)).hasMessageContaining("line 2: 1,2 (expected: step,loss,");
  }
}
