package io.rglcd.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StarterTest {

  @TempDir Path cache;

  @Test
  void unpacksTeacherRewardsAndShards() {
    Starter starter = Starter.unpack(cache);

    for (String part : List.of("unet", "vae", "text_encoder", "tokenizer", "scheduler")) {
      assertThat(starter.teacher().resolve(part)).isNotEmptyDirectory();
    }
    assertThat(starter.teacher().resolve("model_index.json")).isNotEmptyFile();
    assertThat(starter.tokenizer().resolve("merges.txt")).isNotEmptyFile();
    assertThat(starter.rewardClip().resolve("model.safetensors")).isNotEmptyFile();
    assertThat(starter.prefClip().resolve("config.json")).isNotEmptyFile();
    assertThat(starter.trainShards())
        .hasSize(4)
        .isSorted()
        .allSatisfy(shard -> assertThat(shard).isNotEmptyFile());
    assertThat(starter.validationShard()).isNotEmptyFile();
    assertThat(starter.validationPrompts()).hasSize(312).contains("shooting star");
    assertThat(starter.readme()).content().contains("emoji32");
    assertThat(starter.dataLicence()).content().contains("CC-BY 4.0");
  }

  @Test
  void indexNamesEveryResourceWithItsSize() throws IOException {
    Path root = Path.of("src/main/resources/starter");
    List<String> files;
    try (var tree = Files.walk(root)) {
      files =
          tree.filter(Files::isRegularFile)
              .map(file -> root.relativize(file).toString().replace('\\', '/'))
              .filter(name -> !name.equals("index.txt"))
              .toList();
    }
    StarterIndex index = StarterIndex.load();

    assertThat(index.entries().stream().map(StarterIndex.Entry::path))
        .containsExactlyInAnyOrderElementsOf(files);
    assertThat(index.isComplete(root)).isTrue();
  }

  @Test
  void leavesACompleteDirectoryAlone() throws IOException {
    Path prompts = Starter.unpack(cache).validationShard();
    Object firstKey = Files.readAttributes(prompts, "unix:ino").get("ino");

    Path again = Starter.unpack(cache).validationShard();

    assertThat(again).isEqualTo(prompts);
    assertThat(Files.readAttributes(again, "unix:ino").get("ino")).isEqualTo(firstKey);
  }

  @Test
  void startsAgainAfterAnInterruptedUnpack() throws IOException {
    String name = "starter-" + StarterIndex.load().version();
    Path partial = cache.resolve(name + ".partial");
    Files.createDirectories(partial.resolve("shards"));
    Files.writeString(partial.resolve("shards/train-000000.tar"), "half a shard");
    Files.writeString(partial.resolve("stray"), "left behind");
    Files.writeString(cache.resolve(name + ".lock"), "");

    Starter starter = Starter.unpack(cache);

    assertThat(StarterIndex.load().isComplete(cache.resolve(name))).isTrue();
    assertThat(Files.size(starter.trainShards().get(0))).isGreaterThan(1_000_000);
    assertThat(partial).doesNotExist();
    assertThat(cache.resolve(name).resolve("stray")).doesNotExist();
  }

  @Test
  void repairsADirectoryThatLostOrCutAFile() throws IOException {
    Starter starter = Starter.unpack(cache);
    Files.delete(starter.validationShard());
    Files.writeString(starter.trainShards().get(1), "cut");

    Starter repaired = Starter.unpack(cache);

    assertThat(repaired.validationShard()).isNotEmptyFile();
    assertThat(Files.size(repaired.trainShards().get(1))).isGreaterThan(1_000_000);
  }

  @Test
  void severalThreadsMayUnpackAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Path>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(() -> Starter.unpack(cache).teacher());
      }
      List<Path> found = new ArrayList<>();
      for (Future<Path> future : threads.invokeAll(calls)) {
        found.add(future.get());
      }
      assertThat(found).hasSize(4).containsOnly(found.get(0));
      assertThat(found.get(0).resolve("model_index.json")).isNotEmptyFile();
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void namesTheCacheDirectoryThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(cache.resolve("a-file"), "");

    assertThatThrownBy(() -> Starter.unpack(file.resolve("below")))
        .isInstanceOf(StarterException.class)
        .hasMessageContaining(file.resolve("below").toString())
        .hasMessageContaining("writable directory with");
  }

  @Test
  void defaultCacheLiesInTheHomeDirectory() {
    assertThat(Starter.defaultCache().toString())
        .startsWith(System.getProperty("user.home"))
        .endsWith("rglcd");
  }
}
