package io.rglcd.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cli.Main;
import io.rglcd.cluster.CheckpointFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM, as Ctrl-C, in the middle of {@code rglcd train} in a process of its own. */
@Timeout(150)
class TerminationTest {

  private static final int TERMINATED = 143;

  @TempDir Path folder;

  @Test
  void signalWritesACheckpointAndTheSameCommandGoesOn() throws Exception {
    Path conf =
        Files.writeString(
            folder.resolve("run.conf"),
            """
            data { resolution = 32, center-crop = true }
            objective { w-min = 2.0, w-max = 7.0 }
            reward { optimize = true, name = "clip" }
            training {
              output-dir = "%s", max-train-steps = 100000, workers = 1, train-batch-size = 2
              checkpointing-steps = 2
            }
            validation { steps = 0, count = 2, pictures = 2 }
            """
                .formatted(folder.resolve("out")));
    long reached = runUntil(conf, "first.txt", 2);
    long further = runUntil(conf, "second.txt", reached + 2);
    assertThat(further).isGreaterThanOrEqualTo(reached + 2);
  }

  /** Starts the command, ends it after a step, returns the step of its last checkpoint. */
  private long runUntil(Path conf, String log, long step) throws Exception {
    Path words = folder.resolve(log);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                conf.toString())
            .redirectErrorStream(true)
            .redirectOutput(words.toFile())
            .start();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (newestCheckpoint() < step) {
        assertThat(process.isAlive() && System.nanoTime() < deadline)
            .as("said so far: %s", Files.readString(words))
            .isTrue();
        process.waitFor(50, TimeUnit.MILLISECONDS);
      }
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
      assertThat(process.exitValue()).isEqualTo(TERMINATED);
      assertThat(Files.readString(words)).contains("stopped at step");
      try (var files = Files.list(folder.resolve("out"))) {
        assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".tmp"));
      }
      return newestCheckpoint();
    } finally {
      process.destroyForcibly();
    }
  }

  private long newestCheckpoint() {
    return CheckpointFiles.newest(folder.resolve("out"))
        .map(path -> Long.parseLong(path.getFileName().toString().replace("checkpoint-", "")))
        .orElse(0L);
  }
}
