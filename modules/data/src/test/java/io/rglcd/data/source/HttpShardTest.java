package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.TarBuilder;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardChangedException;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.data.shard.ShardUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpShardTest {

  private static final int LONG = 3_000_000;

  private final ShardServer server = new ShardServer();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void indexesAndReadsSamplesByRanges() throws IOException {
    byte[] tar = new TarBuilder().file("a.txt", "first").file("b.txt", "second").bytes();
    ShardIndex index = ShardIndex.read(shard(server.put("/a.tar", tar, "\"1\"")));
    assertThat(index.damage()).isEmpty();
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a", "b");
    assertThat(index.samples().get(1).fields().get(0).read()).asString().isEqualTo("second");
    assertThat(server.requests()).last().asString().contains("bytes=1536-1541");
  }

  @Test
  void bodiesOfLargeFilesAreNotDownloadedToIndexThem() {
    byte[] tar =
        new TarBuilder().file("a.npy", new byte[LONG]).file("b.npy", new byte[LONG]).bytes();
    ShardIndex index = ShardIndex.read(shard(server.put("/a.tar", tar, "\"1\"")));
    assertThat(index.samples()).hasSize(2);
    assertThat(server.bytesSent()).isLessThan(LONG / 10);
  }

  @Test
  void readsAllBytesFromAnyOffset() throws IOException {
    byte[] bytes = HttpShards.noise(LONG);
    HttpShard shard = shard(server.put("/noise", bytes, "\"1\""));
    for (int offset : new int[] {0, 1, 70_000, LONG - 1, LONG, LONG + 1}) {
      try (InputStream in = shard.open(offset)) {
        assertThat(in.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(bytes, Math.min(offset, LONG), LONG));
      }
    }
  }

  @Test
  void givesUpWhereNothingIsGainedByRetries() {
    server.cutAfter(0);
    HttpShard shard = shard(server.put("/a.tar", HttpShards.noise(5000), "\"1\""));
    assertThatThrownBy(() -> HttpShards.read(shard))
        .isInstanceOf(ShardUnavailableException.class)
        .hasMessageContaining("/a.tar")
        .hasMessageContaining("3 retries");
    assertThat(server.requests()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void asksAgainAfterFaultsOfTheServerEachTimeLater(int status) throws IOException {
    AtomicInteger left = new AtomicInteger(3);
    server.misbehave(
        exchange -> {
          boolean fail = left.getAndDecrement() > 0;
          if (fail) {
            ShardServer.answer(exchange, status);
          }
          return fail;
        });
    byte[] bytes = HttpShards.noise(5000);
    assertThat(HttpShards.read(shard(server.put("/a.tar", bytes, "\"1\"")))).isEqualTo(bytes);
    assertThat(pauses).hasSize(3).isSorted();
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(pauses.get(2)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws IOException {
    AtomicInteger left = new AtomicInteger(1);
    server.misbehave(
        exchange -> {
          boolean fail = left.getAndDecrement() > 0;
          if (fail) {
            exchange.getResponseHeaders().set("Retry-After", "7");
            ShardServer.answer(exchange, 503);
          }
          return fail;
        });
    HttpShards.read(shard(server.put("/a.tar", HttpShards.noise(10), "\"1\"")));
    assertThat(pauses).containsExactly(Duration.ofSeconds(7));
  }

  @Test
  void aServerThatStopsInTheMiddleIsGivenUpAtTheDeadline() {
    CountDownLatch over = new CountDownLatch(1);
    server.misbehave(
        exchange -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 0-99/100");
          exchange.sendResponseHeaders(206, 100);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          await(over);
          return true;
        });
    HttpShard shard = shard(server.address("/a.tar"), HttpShards.options(0, 0.2));
    assertThatThrownBy(() -> HttpShards.read(shard))
        .isInstanceOf(ShardUnavailableException.class)
        .hasMessageContaining("too slow");
    over.countDown();
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpAtTheDeadline() {
    CountDownLatch over = new CountDownLatch(1);
    server.misbehave(
        exchange -> {
          await(over);
          return true;
        });
    HttpShard shard = shard(server.address("/a.tar"), HttpShards.options(1, 0.2));
    assertThatThrownBy(() -> HttpShards.read(shard)).hasMessageContaining("no answer within 0.2 s");
    over.countDown();
  }

  @ParameterizedTest
  @CsvSource({
    "401, credentials",
    "403, credentials",
    "404, does not exist",
    "410, does not exist",
    "418, 418"
  })
  void refusalsAreTheirSentenceAndNotRepeated(int status, String sentence) {
    server.misbehave(
        exchange -> {
          ShardServer.answer(exchange, status);
          return true;
        });
    assertThatThrownBy(() -> HttpShards.read(shard(server.address("/a.tar"))))
        .isInstanceOf(ShardUnavailableException.class)
        .hasMessageContaining("/a.tar")
        .hasMessageContaining(sentence)
        .hasMessageContaining(String.valueOf(status));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aServerWithoutRangesIsNamed() {
    server.misbehave(
        exchange -> {
          byte[] all = HttpShards.noise(100_000);
          exchange.sendResponseHeaders(200, all.length);
          exchange.getResponseBody().write(all);
          return true;
        });
    assertThatThrownBy(() -> HttpShards.read(shard(server.address("/a.tar"))))
        .isInstanceOf(ShardUnavailableException.class)
        .hasMessageContaining("byte ranges");
  }

  @Test
  void aChangedShardIsIndexedAnewWithoutDuplicates() {
    byte[] before = new TarBuilder().file("a.npy", new byte[LONG]).file("b.txt", "before").bytes();
    byte[] after = new TarBuilder().file("c.npy", new byte[LONG]).file("d.txt", "after").bytes();
    server.put("/a.tar", before, "\"1\"");
    AtomicInteger count = new AtomicInteger();
    server.misbehave(
        exchange -> {
          if (count.incrementAndGet() == 2) {
            server.put("/a.tar", after, "\"2\"");
          }
          return false;
        });
    ShardIndex index = ShardIndex.read(shard(server.address("/a.tar")));
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("c", "d");
    assertThat(index.damage()).isEmpty();
  }

  @Test
  void aSampleOfAShardThatHasChangedIsNotRead() {
    byte[] tar = new TarBuilder().file("a.txt", "first").bytes();
    ShardIndex index = ShardIndex.read(shard(server.put("/a.tar", tar, "\"1\"")));
    server.put("/a.tar", tar, "\"2\"");
    assertThatThrownBy(() -> index.samples().get(0).fields().get(0).read())
        .isInstanceOf(ShardChangedException.class)
        .hasMessageContaining("has changed");
  }

  @Test
  void followsRedirectsButShowsTheTokenToTheNamedHostOnly() throws IOException {
    try (ShardServer other = new ShardServer()) {
      byte[] bytes = HttpShards.noise(100);
      String there = other.put("/there", bytes, "\"1\"");
      server.misbehave(
          exchange -> {
            String path = exchange.getRequestURI().getPath();
            ShardServer.redirect(exchange, path.equals("/here") ? "/near" : there);
            return true;
          });
      HttpShard shard =
          shard(
              server.address("/here"),
              HttpShards.options(3, 5).withTokens(new BearerTokens("secret", "")));
      assertThat(HttpShards.read(shard)).isEqualTo(bytes);
      assertThat(server.requests()).hasSize(2).allMatch(r -> r.endsWith("Bearer secret"));
      assertThat(other.requests()).hasSize(1).allMatch(r -> r.endsWith("null"));
    }
  }

  @Test
  void redirectsThatNeverEndAreRefused() {
    server.misbehave(
        exchange -> {
          ShardServer.redirect(exchange, "/again");
          return true;
        });
    assertThatThrownBy(() -> HttpShards.read(shard(server.address("/a.tar"))))
        .hasMessageContaining("more than 5 redirects");
  }

  @Test
  void anUnknownHostAndAClosedPortAreNamed() {
    assertThatThrownBy(() -> HttpShards.read(shard("http://no-such-host.invalid/a.tar")))
        .hasMessageContaining("host no-such-host.invalid is not known");
    assertThat(pauses).hasSize(3);
    server.close();
    assertThatThrownBy(() -> HttpShards.read(shard(server.address("/a.tar"))))
        .hasMessageContaining("no connection to 127.0.0.1");
    assertThat(pauses).hasSize(6);
  }

  @Test
  void secretsInAnAddressAreNotPartOfItsName() {
    assertThat(shard("https://host/a.tar?X-Signature=secret").name())
        .isEqualTo("https://host/a.tar");
  }

  private HttpShard shard(String address) {
    return shard(address, HttpShards.options(3, 5));
  }

  private HttpShard shard(String address, HttpOptions options) {
    return HttpShards.shard(address, options, pauses::add);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
