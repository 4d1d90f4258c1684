package io.rglcd.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.cluster.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeScratchTest {

  @TempDir Path folder;

  /** As a node that was killed leaves it. */
  private Path left(String name, Duration ago) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(name).resolve("worker-0"));
    Files.writeString(directory.resolve("offer-7"), "state");
    Path lock = Files.createFile(folder.resolve(name).resolve("lock"));
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(ago)));
    return folder.resolve(name);
  }

  @Test
  void directoryIsThereForTheLifeOfTheNode() throws IOException {
    Path directory;
    try (NodeScratch scratch = NodeScratch.open(folder.resolve("new"), "a-1")) {
      directory = scratch.directory();
      Files.writeString(directory.resolve("file"), "x");
    }
    assertThat(directory).doesNotExist();
    assertThat(folder.resolve("new")).isEmptyDirectory();
  }

  @Test
  void whatKilledNodesHaveLeftIsRemovedAndNothingElse() throws IOException {
    Path killed = left("rglcd-scratch-a-1", Duration.ofMinutes(2));
    Path starting = left("rglcd-scratch-a-2", Duration.ZERO);
    Path other = left("other", Duration.ofMinutes(2));
    Path unlocked = Files.createDirectories(folder.resolve("rglcd-scratch-a-3"));
    try (NodeScratch living = NodeScratch.open(folder, "a-4")) {
      Files.setLastModifiedTime(
          living.directory().resolve("lock"),
          FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
      try (NodeScratch next = NodeScratch.open(folder, "a-5")) {
        assertThat(killed).doesNotExist();
        assertThat(starting).exists();
        assertThat(other).exists();
        assertThat(unlocked).exists();
        assertThat(living.directory()).exists();
        assertThat(next.directory()).exists();
      }
    }
  }

  @Test
  void placeWhereNothingCanBeKeptIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> NodeScratch.open(file, "a-1"))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("nothing can be kept in " + file)
        .hasMessageContaining("cluster.scratch-dir");
  }
}
