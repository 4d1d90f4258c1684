package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataException;
import io.rglcd.data.DataSet;
import io.rglcd.data.TarBuilder;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole shards of a server that are kept on a disk. */
class ShardCacheTest {

  private static final int SHARDS = 6;
  private static final int SAMPLES = 20;

  @TempDir Path folder;
  private final ShardServer server = new ShardServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private String serve() {
    for (int i = 0; i < SHARDS; i++) {
      server.put("/" + i + ".tar", tar(i, "text "), "\"1\"");
    }
    return server.address("/{0..5}.tar");
  }

  private static byte[] tar(int shard, String text) {
    TarBuilder tar = new TarBuilder();
    for (int k = 0; k < SAMPLES; k++) {
      tar.file("s" + shard + "k" + k + ".txt", text + shard + " " + k);
    }
    return tar.bytes();
  }

  private DataSet open(String specification, long maxBytes) {
    return DataSet.find(
        List.of(specification),
        SourceOptions.DEFAULT.withCache(
            new SourceOptions.CacheOptions(folder.resolve("cache"), maxBytes)));
  }

  private static List<String> texts(DataSet data) {
    List<String> texts = new ArrayList<>();
    for (ShardIndex shard : data.shards()) {
      for (SampleEntry sample : shard.samples()) {
        try {
          texts.add(new String(sample.fields().get(0).read(), StandardCharsets.UTF_8));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return texts;
  }

  private static List<String> expected() {
    return IntStream.range(0, SHARDS * SAMPLES)
        .mapToObj(i -> "text " + i / SAMPLES + " " + i % SAMPLES)
        .toList();
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cache"))) {
      return files.filter(file -> !file.toString().endsWith(".lock")).sorted().toList();
    }
  }

  @Test
  void eachByteIsFetchedOnceAndKeptForTheNextStart() throws IOException {
    String shards = serve();
    assertThat(texts(open(shards, 1 << 30))).isEqualTo(expected());
    long sent = server.bytesSent();
    assertThat(sent).isLessThan(SHARDS * (tar(0, "text ").length + 100L));
    assertThat(texts(open(shards, 1 << 30))).isEqualTo(expected());
    assertThat(server.bytesSent() - sent).as("to ask for versions").isLessThan(SHARDS * 2);
    assertThat(copies()).hasSize(SHARDS).allMatch(file -> file.toString().endsWith(".tar"));
  }

  @Test
  void neverMoreThanMayIsKept() throws IOException {
    String shards = serve();
    long two = 2L * tar(0, "text ").length;
    DataSet data = open(shards, two + 10);
    assertThat(texts(data)).isEqualTo(expected());
    assertThat(texts(data)).isEqualTo(expected());
    long kept = copies().stream().mapToLong(file -> file.toFile().length()).sum();
    assertThat(kept).isPositive().isLessThanOrEqualTo(two + 10);
  }

  @Test
  void aShardForWhichThereIsNoRoomIsReadFromTheServer() throws IOException {
    assertThat(texts(open(serve(), 1000))).isEqualTo(expected());
    assertThat(copies()).isEmpty();
  }

  @Test
  void aDamagedCopyIsFetchedAgain() throws IOException {
    String shards = serve();
    assertThat(texts(open(shards, 1 << 30))).isEqualTo(expected());
    byte[] bytes = Files.readAllBytes(copies().get(2));
    bytes[700] ^= 1;
    Files.write(copies().get(2), bytes);
    Files.write(copies().get(3), new byte[0]);
    assertThat(texts(open(shards, 1 << 30))).isEqualTo(expected());
    bytes[700] ^= 1;
    assertThat(copies()).hasSize(SHARDS);
    assertThat(copies().get(2)).hasBinaryContent(bytes);
  }

  @Test
  void aCopyThatAnotherProcessTakesAwayIsFetchedAgain() throws IOException {
    DataSet data = open(serve(), 1 << 30);
    assertThat(texts(data)).isEqualTo(expected());
    for (Path copy : copies()) {
      Files.delete(copy);
    }
    assertThat(texts(data)).isEqualTo(expected());
  }

  @Test
  void anotherVersionAtTheServerIsAnotherCopy() throws IOException {
    String shards = serve();
    assertThat(texts(open(shards, 1 << 30))).isEqualTo(expected());
    server.put("/2.tar", tar(2, "new "), "\"2\"");
    assertThat(texts(open(shards, 1 << 30))).contains("new 2 0").doesNotContain("text 2 0");
    assertThat(copies()).hasSize(SHARDS + 1);
  }

  @Test
  void twoCachesOfOneDirectoryFetchEachShardOnce() {
    String shards = serve();
    List<List<String>> read =
        IntStream.range(0, 2).parallel().mapToObj(i -> texts(open(shards, 1 << 30))).toList();
    assertThat(read).containsOnly(expected());
    assertThat(server.bytesSent()).isLessThan(SHARDS * (tar(0, "text ").length + 100L));
  }

  @Test
  void commandsAreRunOnce() throws IOException {
    new TarBuilder().file("a.txt", "1").write(folder.resolve("a.tar"));
    Path runs = folder.resolve("runs");
    String command = "pipe:echo run >> " + runs + "; cat " + folder + "/a.tar";
    for (int start = 0; start < 3; start++) {
      assertThat(texts(open(command, 1 << 30))).containsExactly("1");
    }
    assertThat(Files.readAllLines(runs)).hasSize(1);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("cache"), "no directory");
    assertThatThrownBy(() -> open(server.address("/0.tar"), 1 << 30))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString());
  }
}
