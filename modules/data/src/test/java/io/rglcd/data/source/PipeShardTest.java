package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.DataSet;
import io.rglcd.data.TarBuilder;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipeShardTest {

  @TempDir Path folder;

  @Test
  void readsWhatCommandsWriteAndRunsEachTwice() throws IOException {
    for (int i = 0; i < 3; i++) {
      TarBuilder tar = new TarBuilder();
      for (int k = 0; k < 4; k++) {
        tar.file("s" + i + "k" + k + ".txt", "text " + i + k);
      }
      tar.write(folder.resolve(i + ".tar"));
    }
    Path runs = folder.resolve("runs");
    String command = "pipe:echo run >> " + runs + "; cat " + folder + "/{0..2}.tar | cat";
    DataSet data = DataSet.find(List.of(command));
    assertThat(data.counts()).containsExactly(4, 4, 4);
    assertThat(data.damages()).isEmpty();
    for (int k = 3; k >= 0; k--) {
      for (int i = 0; i < 3; i++) {
        assertThat(text(data, i, k)).isEqualTo("text " + i + k);
      }
    }
    assertThat(Files.readAllLines(runs)).hasSize(6);
  }

  @Test
  void noMoreCopiesAreKeptThanMay() throws IOException {
    Spool spool = new Spool(1);
    Path runs = folder.resolve("runs");
    List<ShardIndex> shards =
        List.of("a", "b").stream().map(name -> counted(name, runs, spool)).toList();
    for (int times = 0; times < 3; times++) {
      for (ShardIndex shard : shards) {
        SampleEntry.Field file = shard.samples().get(0).fields().get(0);
        assertThat(file.read()).asString().isEqualTo(shard.samples().get(0).key());
        assertThat(file.read()).asString().isEqualTo(shard.samples().get(0).key());
      }
    }
    assertThat(Files.readAllLines(runs)).hasSize(2 + 6);
  }

  @Test
  void aCommandThatFailsDamagesTheShardWithItsLastWords() throws IOException {
    byte[] whole = new TarBuilder().file("a.txt", "a").file("b.txt", "b".repeat(900)).bytes();
    Path cut = Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, 1700));
    PipeShard shard = pipe("cat " + cut + "; echo first >&2; echo 'disk on fire' >&2; exit 7");
    ShardIndex index = ShardIndex.read(shard);
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a");
    assertThat(index.damage().orElseThrow().reason())
        .isEqualTo("the command ended with status 7: disk on fire");
  }

  @Test
  void aCommandThatDoesNotExistIsNamed() {
    ShardIndex index = ShardIndex.read(pipe("no-such-command-here"));
    assertThat(index.damage().orElseThrow().toString())
        .contains("pipe:no-such-command-here")
        .contains("status 127")
        .contains("not found");
  }

  @Test
  void whoeverTalksToTheErrorStreamDoesNotBlockTheShard() throws IOException {
    Path tar = new TarBuilder().file("a.txt", "a").write(folder.resolve("a.tar"));
    PipeShard shard = pipe("yes complaint | head -c 1000000 >&2; cat " + tar);
    assertThat(ShardIndex.read(shard).samples()).hasSize(1);
  }

  @Test
  void theCommandAndItsChildrenEndWithTheStream() throws Exception {
    Path pids = folder.resolve("pids");
    PipeShard shard =
        pipe("echo $$ > " + pids + "; sleep 600 & echo $! >> " + pids + "; yes | cat");
    try (InputStream in = shard.open(100_000)) {
      assertThat(in.read()).isPositive();
    }
    for (String pid : Files.readAllLines(pids)) {
      ProcessHandle.of(Long.parseLong(pid))
          .ifPresent(
              process ->
                  assertThat(process.onExit().orTimeout(10, TimeUnit.SECONDS))
                      .succeedsWithin(Duration.ofSeconds(10)));
    }
  }

  @Test
  void anOffsetBehindTheEndIsAnError() {
    assertThatThrownBy(() -> pipe("echo short").open(1000).close()).isInstanceOf(IOException.class);
  }

  @Test
  void aCommandThatHangsIsEndedAndNamedWithWhatItComplainedOf() throws IOException {
    byte[] whole = new TarBuilder().file("a.txt", "a").file("b.txt", "b".repeat(900)).bytes();
    Path cut = Files.write(folder.resolve("cut.tar"), Arrays.copyOf(whole, 1700));
    PipeShard shard =
        new PipeShard(
            "cat " + cut + "; echo 'no route' >&2; exec sleep 600",
            Duration.ofMillis(500),
            System::nanoTime);
    long began = System.nanoTime();
    ShardIndex index = ShardIndex.read(shard);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a");
    assertThat(index.damage().orElseThrow().reason())
        .isEqualTo(
            "the command is too slow: 64 KiB or the rest did not come within 0.5 s: no route");
  }

  private static PipeShard pipe(String command) {
    return new PipeShard(command, Duration.ofMinutes(1), System::nanoTime);
  }

  private ShardIndex counted(String name, Path runs, Spool spool) {
    Path tar = new TarBuilder().file(name + ".txt", name).write(folder.resolve(name));
    String command = "echo run >> " + runs + "; cat " + tar;
    return ShardIndex.read(new SpooledShard(pipe(command), spool));
  }

  private static String text(DataSet data, int shard, int sample) throws IOException {
    SampleEntry.Field file = data.shards().get(shard).samples().get(sample).fields().get(0);
    return new String(file.read(), StandardCharsets.UTF_8);
  }
}
