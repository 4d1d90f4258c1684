package io.rglcd.data.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataException;
import io.rglcd.data.DataSet;
import io.rglcd.data.TarBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexStoreTest {

  /** Counts how often it is read from its start. */
  private record CountedShard(LocalShard shard, AtomicInteger readings) implements ShardSource {

    @Override
    public String name() {
      return shard.name();
    }

    @Override
    public InputStream open(long offset) throws IOException {
      readings.addAndGet(offset == 0 ? 1 : 0);
      return shard.open(offset);
    }

    @Override
    public String version() throws IOException {
      return shard.version();
    }
  }

  @TempDir Path folder;
  private final AtomicInteger readings = new AtomicInteger();

  private ShardSource shard(String name, int samples) {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < samples; i++) {
      tar.file(name + i + ".txt", "caption " + i).file(name + i + ".json", "{}");
    }
    return new CountedShard(new LocalShard(tar.write(folder.resolve(name + ".tar"))), readings);
  }

  private IndexStore store() {
    return IndexStore.open(folder.resolve("index"));
  }

  @Test
  void shardsAreReadOnceForAnyNumberOfStarts() throws IOException {
    List<ShardSource> shards = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      shards.add(shard("s" + (char) ('a' + i), 1 + i));
    }
    DataSet plain = DataSet.index(shards, Optional.empty(), false);
    readings.set(0);
    for (int start = 0; start < 3; start++) {
      DataSet data = DataSet.index(shards, Optional.of(store()), false);
      assertThat(data.counts()).isEqualTo(plain.counts());
      for (int i = 0; i < 20; i++) {
        assertThat(data.shards().get(i).samples()).isEqualTo(plain.shards().get(i).samples());
      }
    }
    assertThat(readings).hasValue(20);
    try (Stream<Path> files = Files.list(folder.resolve("index"))) {
      assertThat(files).hasSize(20).allMatch(file -> file.toString().endsWith(".index"));
    }
    assertThat(new String(plain.shards().get(0).samples().get(0).fields().get(0).read(), UTF_8))
        .isEqualTo("caption 0");
  }

  @Test
  void aChangedShardIsReadAgain() throws IOException {
    ShardSource before = shard("a", 3);
    assertThat(store().read(before).samples()).hasSize(3);
    ShardSource after = shard("a", 4);
    Files.setLastModifiedTime(folder.resolve("a.tar"), FileTime.fromMillis(1));
    assertThat(store().read(after).samples()).hasSize(4);
    assertThat(store().read(after).samples()).hasSize(4);
    assertThat(readings).hasValue(2);
  }

  @Test
  void damagedShardsAndMissingOnesAreLookedAtEachTime() throws IOException {
    ShardSource shard = shard("a", 3);
    byte[] whole = Files.readAllBytes(folder.resolve("a.tar"));
    Files.write(folder.resolve("a.tar"), Arrays.copyOf(whole, 2600));
    assertThat(store().read(shard).damage()).isPresent();
    assertThat(store().read(shard).damage()).isPresent();
    assertThat(readings).hasValue(2);
    Files.delete(folder.resolve("a.tar"));
    assertThat(store().read(shard).damage().orElseThrow().missing()).isTrue();
  }

  @Property(tries = 60)
  void aDamagedIndexIsMadeAnew(
      @ForAll @IntRange(max = 100_000) int at, @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    folder = Files.createTempDirectory("index-store");
    ShardSource shard = shard("a", 5);
    List<SampleEntry> expected = List.copyOf(store().read(shard).samples());
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("index"))) {
      file = files.findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(file);
    byte[] damaged = bytes.clone();
    damaged[at % damaged.length] ^= (byte) change;
    Files.write(file, damaged);
    assertThat(store().read(shard).samples()).isEqualTo(expected);
    assertThat(file).hasBinaryContent(bytes);
    Files.write(file, Arrays.copyOf(bytes, at % bytes.length));
    assertThat(store().read(shard).samples()).isEqualTo(expected);
  }

  @Test
  void samplesThatLieAcrossShardsAreJoinedFromTheStoreToo() {
    new TarBuilder().file("a.txt", "1").file("b.txt", "2").write(folder.resolve("0.tar"));
    new TarBuilder().file("b.json", "{}").file("c.txt", "3").write(folder.resolve("1.tar"));
    List<ShardSource> shards =
        Stream.of("0.tar", "1.tar")
            .<ShardSource>map(name -> new LocalShard(folder.resolve(name)))
            .toList();
    for (int start = 0; start < 2; start++) {
      DataSet data = DataSet.index(shards, Optional.of(store()), false);
      assertThat(data.counts()).containsExactly(2, 1);
      assertThat(data.shards().get(0).samples().get(1).fields()).hasSize(2);
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> IndexStore.open(file.resolve("below")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.resolve("below").toString());
  }
}
