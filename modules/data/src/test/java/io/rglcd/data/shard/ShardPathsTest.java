package io.rglcd.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardPathsTest {

  @TempDir Path folder;

  @BeforeEach
  void makeShards() throws IOException {
    for (String name : List.of("t-002.tar", "t-000.tar", "t-001.tar", "other.txt")) {
      Files.createFile(folder.resolve(name));
    }
    Files.createDirectory(folder.resolve("folder.tar"));
  }

  @Test
  void globsComeSortedAndHoldFilesOnly() {
    assertThat(names("*.tar")).containsExactly("t-000.tar", "t-001.tar", "t-002.tar");
  }

  @Test
  void rangesAndPathsComeAsWritten() {
    assertThat(names("t-{002..000}.tar")).containsExactly("t-002.tar", "t-001.tar", "t-000.tar");
    assertThat(names("t-001.tar", "t-000.tar")).containsExactly("t-001.tar", "t-000.tar");
  }

  @Test
  void namesTheMissingFileAndItsPattern() {
    assertThatThrownBy(() -> names("t-{000..003}.tar"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("t-003.tar")
        .hasMessageContaining("t-{000..003}.tar")
        .hasMessageContaining("does not exist");
  }

  @Test
  void namesAPatternThatMatchesNothing() {
    assertThatThrownBy(() -> names("*.zip"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("*.zip");
    assertThatThrownBy(() -> names("missing/*.tar"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("missing/*.tar");
  }

  @Test
  void refusesAFolderAndAnEmptyList() {
    assertThatThrownBy(() -> names("folder.tar")).hasMessageContaining("is not a file");
    assertThatThrownBy(() -> ShardPaths.find(List.of())).hasMessageContaining("none given");
  }

  private List<String> names(String... specifications) {
    List<String> full =
        List.of(specifications).stream().map(s -> folder.resolve(".") + "/" + s).toList();
    return ShardPaths.find(full).stream()
        .map(s -> Path.of(s.name()).getFileName().toString())
        .toList();
  }
}
