package io.rglcd.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointSumsTest {

  @TempDir Path output;
  private Path older;
  private Path newer;

  @BeforeEach
  void writeTwo() throws IOException {
    older = checkpoint(10);
    newer = checkpoint(20);
  }

  private Path checkpoint(long step) throws IOException {
    Path unfinished = CheckpointFiles.newUnfinished(output, step);
    Files.writeString(unfinished.resolve("state"), "state of step " + step);
    return CheckpointFiles.publish(unfinished, step, "{\"step\": " + step + "}");
  }

  @Test
  void newestIsTakenWhenItIsWhole() {
    assertThat(CheckpointFiles.newest(output)).contains(newer);
  }

  @Test
  void checkpointThatHasLostAFileIsPassedOver() throws IOException {
    for (String name : List.of("state", "run.json", "checksums.txt")) {
      byte[] bytes = Files.readAllBytes(newer.resolve(name));
      Files.delete(newer.resolve(name));
      assertThat(CheckpointFiles.newest(output)).as(name).contains(older);
      assertThat(CheckpointFiles.problem(newer).orElseThrow()).contains(name);
      Files.write(newer.resolve(name), bytes);
    }
    assertThat(CheckpointFiles.newest(output)).contains(newer);
  }

  @Test
  void checkpointTornAtAnyByteIsPassedOver() throws IOException {
    for (String name : List.of("state", "run.json", "checksums.txt")) {
      byte[] bytes = Files.readAllBytes(newer.resolve(name));
      boolean endsLine = bytes[bytes.length - 1] == '\n';
      for (int length = 0; length < bytes.length - (endsLine ? 1 : 0); length++) {
        Files.write(newer.resolve(name), java.util.Arrays.copyOf(bytes, length));
        assertThat(CheckpointFiles.newest(output)).as("%s cut at %s", name, length).contains(older);
      }
      Files.write(newer.resolve(name), bytes);
    }
  }

  @Test
  void checkpointWithAFlippedBitIsPassedOver() throws IOException {
    byte[] bytes = Files.readAllBytes(newer.resolve("state"));
    bytes[3] ^= 16;
    Files.write(newer.resolve("state"), bytes);
    assertThat(CheckpointFiles.newest(output)).contains(older);
  }

  @Test
  void noneIsTakenWhenAllAreDamaged() throws IOException {
    Files.delete(older.resolve("state"));
    Files.delete(newer.resolve("state"));
    assertThat(CheckpointFiles.newest(output)).isEmpty();
  }
}
