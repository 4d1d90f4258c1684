package io.rglcd.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.data.BadSample;
import io.rglcd.data.Batch;
import io.rglcd.data.BatchLoader;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.SampleRange;
import io.rglcd.data.TarBuilder;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run makes of a shard that is replaced at the server while it is used. */
class ChangedShardTest {

  private static final List<String> KEYS = List.of("a", "b", "c", "d");

  private final ShardServer server = new ShardServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void samplesThatAreStillThereAreReadOnceFromWhereTheyAreNow() {
    BatchLoader loader = loader(shard("", KEYS));
    server.put("/a.tar", shard("longer than before", KEYS), "\"2\"");
    Batch batch = load(loader);
    assertThat(batch.captions()).containsExactlyInAnyOrderElementsOf(KEYS);
    assertThat(batch.bad()).isEmpty();
  }

  @Test
  void samplesWhosePlaceAnotherOneHasTakenAreBad() {
    BatchLoader loader = loader(shard("", KEYS));
    server.put("/a.tar", shard("", List.of("a", "c", "x", "d", "b")), "\"2\"");
    Batch batch = load(loader);
    assertThat(batch.captions()).containsExactlyInAnyOrder("a", "d");
    assertThat(batch.bad()).extracting(BadSample::key).containsExactlyInAnyOrder("b", "c");
    assertThat(batch.bad())
        .allMatch(bad -> bad.reason() == BadSample.Reason.UNREADABLE)
        .allMatch(bad -> bad.detail().contains("another sample"));
  }

  @Test
  void aShardThatChangesAllTheTimeIsGivenUp() {
    byte[] tar = shard("", KEYS);
    BatchLoader loader = loader(tar);
    AtomicInteger version = new AtomicInteger(1);
    server.misbehave(
        exchange -> {
          server.put("/a.tar", tar, "\"" + version.incrementAndGet() + "\"");
          return false;
        });
    Batch batch = load(loader);
    assertThat(batch.captions()).isEmpty();
    assertThat(batch.bad()).hasSize(KEYS.size());
  }

  @Test
  void severalThreadsIndexAChangedShardOnce() {
    BatchLoader loader = loader(shard("", KEYS));
    server.put("/a.tar", shard("", KEYS), "\"2\"");
    List<String> captions =
        IntStream.range(0, 4)
            .parallel()
            .mapToObj(position -> loader.load(new SampleRange(0, position, 1)))
            .flatMap(batch -> batch.captions().stream())
            .toList();
    assertThat(captions).containsExactlyInAnyOrderElementsOf(KEYS);
  }

  private BatchLoader loader(byte[] tar) {
    DataSet data = DataSet.find(List.of(server.put("/a.tar", tar, "\"1\"")));
    return new BatchLoader(data, new SampleOrder(1, data.counts(), 1), BatchOptions.of(8), 1);
  }

  private static Batch load(BatchLoader loader) {
    return loader.load(new SampleRange(0, 0, KEYS.size()));
  }

  private static byte[] shard(String before, List<String> keys) {
    TarBuilder tar = new TarBuilder();
    keys.forEach(key -> tar.file(key + ".note", before.repeat(100)).sample(key, 0));
    return tar.bytes();
  }
}
