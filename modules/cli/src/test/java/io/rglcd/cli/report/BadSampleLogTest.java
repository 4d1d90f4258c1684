package io.rglcd.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadSampleLogTest {

  @TempDir Path folder;

  private static BadSampleLog.Line line(long step) {
    return new BadSampleLog.Line(step, 0, 7 * step, "a.tar", "k\"\n" + step, "picture corrupt");
  }

  @Test
  void aRunThatGoesOnKeepsWhatWasSettledBeforeAndForgetsTheRest() throws IOException {
    Path file = folder.resolve(BadSampleLog.FILE);
    try (BadSampleLog log = BadSampleLog.open(file, 0)) {
      for (long step = 1; step <= 4; step++) {
        log.add(line(step));
      }
    }
    Files.writeString(file, Files.readString(file) + "{\"step\": 2, \"torn");
    try (BadSampleLog log = BadSampleLog.open(file, 2)) {
      log.add(line(3));
    }
    assertThat(Files.readAllLines(file))
        .hasSize(3)
        .element(2)
        .isEqualTo(
            "{\"step\":3,\"epoch\":0,\"position\":21,\"shard\":\"a.tar\",\"key\":\"k\\\"\\n3\","
                + "\"reason\":\"picture corrupt\"}");
    BadSampleLog.open(file, 0).close();
    assertThat(file).isEmptyFile();
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() throws IOException {
    Path directory = Files.createDirectory(folder.resolve(BadSampleLog.FILE));
    assertThatThrownBy(() -> BadSampleLog.open(directory, 0))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining(directory.toString());
  }
}
