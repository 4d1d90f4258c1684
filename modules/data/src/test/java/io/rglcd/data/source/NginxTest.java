package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rglcd.data.TarBuilder;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.data.shard.ShardIndexer;
import io.rglcd.data.shard.ShardSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards from a server that many host theirs with. */
class NginxTest {

  private static final int LENGTH = 3_000_000;

  @TempDir Path folder;
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @BeforeEach
  void requireNginx() {
    assumeTrue(Nginx.program().isPresent(), "nginx is not installed (Debian: nginx-light)");
  }

  @Test
  void aThrottledShardIsReadWhole() throws Exception {
    byte[] bytes = HttpShards.noise(LENGTH);
    Files.write(folder.resolve("a.tar"), bytes);
    try (Nginx nginx = new Nginx(folder, "limit_rate 8m;")) {
      assertThat(HttpShards.read(shard(nginx, "a.tar", this::pause))).isEqualTo(bytes);
    }
  }

  @Test
  void aServerThatDiesInTheMiddleAndComesBackIsReadOn() throws Exception {
    byte[] bytes = HttpShards.noise(LENGTH);
    Files.write(folder.resolve("a.tar"), bytes);
    try (Nginx nginx = new Nginx(folder, "")) {
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      Sleeper restart =
          pause -> {
            if (pauses.isEmpty()) {
              start(nginx);
            }
            pause(pause);
          };
      try (InputStream in = shard(nginx, "a.tar", restart).open(0)) {
        read.write(in.readNBytes(LENGTH / 3));
        nginx.stop();
        in.transferTo(read);
      }
      assertThat(read.toByteArray()).isEqualTo(bytes);
      assertThat(pauses).isNotEmpty();
    }
  }

  @Test
  void moreConnectionsThanItTakesAreTriedAgain() throws Exception {
    for (int i = 0; i < 24; i++) {
      new TarBuilder().file("k" + i + ".npy", new byte[1 << 19]).write(folder.resolve(i + ".tar"));
    }
    try (Nginx nginx = new Nginx(folder, "limit_conn one 1; limit_rate 4m;")) {
      List<ShardSource> shards = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        shards.add(shard(nginx, i + ".tar", this::pause));
      }
      List<ShardIndex> indices = ShardIndexer.read(shards, Optional.empty(), false);
      assertThat(indices).allMatch(index -> index.samples().size() == 1);
      assertThat(indices).allMatch(index -> index.damage().isEmpty());
    }
    assertThat(pauses).isNotEmpty();
    assertThat(folder.resolve("nginx.log")).content().contains("limiting connections");
  }

  @Test
  void aFileThatIsReplacedIsSeen() throws Exception {
    Path first = new TarBuilder().file("a.txt", "first").write(folder.resolve("a.tar"));
    try (Nginx nginx = new Nginx(folder, "")) {
      HttpShard shard = shard(nginx, "a.tar", this::pause);
      SampleEntry.Field file = ShardIndex.read(shard).samples().get(0).fields().get(0);
      assertThat(file.read()).asString().isEqualTo("first");
      Path other = new TarBuilder().file("a.txt", "other and longer").write(folder.resolve("new"));
      Files.setLastModifiedTime(other, FileTime.fromMillis(0));
      Files.move(other, first, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(file::read).hasMessageContaining("has changed");
    }
  }

  private static void start(Nginx nginx) {
    try {
      nginx.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A hundredth of the time: long enough for what is waited for here. */
  private void pause(Duration pause) throws InterruptedException {
    pauses.add(pause);
    Thread.sleep(pause.toMillis() / 100);
  }

  private static HttpShard shard(Nginx nginx, String name, Sleeper sleeper) {
    return HttpShards.shard(nginx.address(name), HttpShards.options(50, 10), sleeper);
  }
}
