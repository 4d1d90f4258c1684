package io.rglcd.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.testkit.javadsl.TestKit;
import io.rglcd.data.image.Crop;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchLoaderTest {

  private static final int R = 4;

  @TempDir Path folder;

  @Test
  void givesNormalisedPlanesAndCaptions() {
    new TarBuilder().sample("red", 0xff0000).write(folder.resolve("a.tar"));
    Batch batch = loader(BatchOptions.of(R)).load(new SampleRange(0, 0, 1));
    float[] expected = new float[3 * R * R];
    Arrays.fill(expected, -1f);
    Arrays.fill(expected, 0, R * R, 1f);
    assertThat(batch.values()).isEqualTo(expected);
    assertThat(batch.captions()).containsExactly("red");
    assertThat(batch.positions()).containsExactly(0L);
    assertThat(batch.form()).isEqualTo(SampleForm.pixels(R));
  }

  @Test
  void reportsBadSamplesAndKeepsTheOthers() {
    byte[] png = TarBuilder.png(8, 8, 0x808080);
    byte[] corrupt = png.clone();
    Arrays.fill(corrupt, 40, corrupt.length - 12, (byte) 0);
    new TarBuilder()
        .sample("good", 0xffffff)
        .file("corrupt.png", corrupt)
        .file("corrupt.txt", "x")
        .file("alone.png", png)
        .file("words.txt", "only")
        .file("latin.png", png)
        .file("latin.txt", new byte[] {(byte) 0xfe, 'x'})
        .file("broken.png", png)
        .file("broken.txt", "x")
        .file("broken.json", "{not json")
        .file("text.png", "no picture")
        .file("text.txt", "x")
        .write(folder.resolve("a.tar"));
    Batch batch = loader(BatchOptions.of(R)).load(new SampleRange(0, 0, 7));
    assertThat(batch.captions()).containsExactly("good");
    assertThat(batch.values()).hasSize(3 * R * R).containsOnly(1f);
    assertThat(batch.bad())
        .extracting(BadSample::key, BadSample::reason)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("corrupt", BadSample.Reason.IMAGE_CORRUPT),
            org.assertj.core.groups.Tuple.tuple("alone", BadSample.Reason.NO_CAPTION),
            org.assertj.core.groups.Tuple.tuple("words", BadSample.Reason.NO_IMAGE),
            org.assertj.core.groups.Tuple.tuple("latin", BadSample.Reason.CAPTION_CORRUPT),
            org.assertj.core.groups.Tuple.tuple("broken", BadSample.Reason.METADATA_CORRUPT),
            org.assertj.core.groups.Tuple.tuple("text", BadSample.Reason.IMAGE_UNSUPPORTED));
    assertThat(batch.bad().get(0).toString()).contains("a.tar");
    assertThat(batch.unreadable()).hasSize(6);
  }

  @Test
  void refusesLargeFilesAndThinStripsThatWouldGrow() {
    new TarBuilder()
        .file("big.png", TarBuilder.png(8, 8, 0))
        .file("big.txt", "x".repeat(2000))
        .file("strip.png", TarBuilder.png(900, 1, 0))
        .file("strip.txt", "x")
        .write(folder.resolve("a.tar"));
    BatchOptions options =
        BatchOptions.of(R).withRead(new ReadOptions(1000, 1999, "", SampleFilter.NONE));
    assertThat(loader(options).load(new SampleRange(0, 0, 2)).bad())
        .extracting(BadSample::reason)
        .containsExactlyInAnyOrder(
            BadSample.Reason.ENTRY_TOO_LARGE, BadSample.Reason.IMAGE_TOO_LARGE);
  }

  @Test
  void aShardThatVanishesMakesItsSamplesUnreadable() throws Exception {
    Path file = new TarBuilder().sample("a", 0).write(folder.resolve("a.tar"));
    BatchLoader loader = loader(BatchOptions.of(R));
    Files.delete(file);
    assertThat(loader.load(new SampleRange(0, 0, 1)).bad())
        .extracting(BadSample::reason)
        .containsExactly(BadSample.Reason.UNREADABLE);
  }

  @Test
  void aTruncatedShardGivesTheSamplesBeforeTheDamage() throws Exception {
    byte[] whole = new TarBuilder().sample("a", 0).sample("b", 0).sample("c", 0).bytes();
    Files.write(folder.resolve("a.tar"), Arrays.copyOf(whole, 512 * 9));
    DataSet data = DataSet.find(List.of(folder + "/*.tar"));
    assertThat(data.total()).isEqualTo(2);
    assertThat(data.damages()).hasSize(1);
    assertThat(data.damages().get(0).toString()).contains("a.tar").contains("2 samples");
  }

  @Test
  void theFirstSamplesOfSeveralShardsAreADataSetOfTheirOwn() throws Exception {
    new TarBuilder().sample("a", 0).sample("b", 0).write(folder.resolve("0.tar"));
    new TarBuilder().sample("c", 0).sample("d", 0).write(folder.resolve("1.tar"));
    DataSet data = DataSet.find(List.of(folder + "/{0,1}.tar"));
    assertThat(data.first(3).counts()).containsExactly(2, 1);
    assertThat(data.first(100).total()).isEqualTo(4);
    assertThatThrownBy(() -> data.first(0)).hasMessage("limit: 0 (expected: >= 1)");
  }

  @Test
  void aBatchDoesNotDependOnWhatWasLoadedBeforeNorOnTheCache() {
    gradients(20);
    BatchOptions random =
        BatchOptions.of(R).withFlipProbability(0.5).withEmptyPromptProportion(0.5);
    BatchLoader plain = loader(random);
    BatchLoader caching = loader(random.withCacheBytes(1 << 20));
    BatchLoader smallCache = loader(random.withCacheBytes(500));
    SampleRange range = new SampleRange(2, 5, 10);
    Batch expected = plain.load(range);
    caching.load(new SampleRange(0, 0, 20));
    smallCache.load(new SampleRange(0, 0, 20));
    assertSame(caching.load(range), expected);
    assertSame(smallCache.load(range), expected);
    assertThat(plain.load(new SampleRange(3, 5, 10)).values()).isNotEqualTo(expected.values());
  }

  @Test
  void dropsAboutTheAskedShareOfPrompts() {
    gradients(20);
    BatchLoader loader =
        loader(BatchOptions.of(R).withEmptyPromptProportion(0.25).withCacheBytes(1 << 20));
    long empty = 0;
    for (int epoch = 0; epoch < 50; epoch++) {
      empty +=
          loader.load(new SampleRange(epoch, 0, 20)).captions().stream()
              .filter(String::isEmpty)
              .count();
    }
    assertThat(empty).isBetween(180L, 320L);
  }

  @Test
  void randomCropsReachBothEndsAndCenteredOnesStay() {
    gradients(1);
    BatchLoader random = loader(BatchOptions.of(R).withCacheBytes(1 << 20));
    BatchLoader centered = loader(BatchOptions.of(R).withCrop(Crop.CENTER));
    List<Float> corners = new ArrayList<>();
    for (int epoch = 0; epoch < 60; epoch++) {
      corners.add(random.load(new SampleRange(epoch, 0, 1)).values()[0]);
    }
    assertThat(corners.stream().distinct()).hasSize(5);
    assertThat(centered.load(new SampleRange(0, 0, 1)).values())
        .isEqualTo(centered.load(new SampleRange(9, 0, 1)).values());
  }

  @Test
  void preflightStopsWhereNothingIsUsableAndCountsWhy() {
    new TarBuilder()
        .file("a.txt", "x")
        .file("b.txt", "x")
        .file("c.png", "junk")
        .file("c.txt", "x")
        .write(folder.resolve("a.tar"));
    assertThatThrownBy(() -> loader(BatchOptions.of(R)).preflight(1000))
        .isInstanceOf(ZeroSamplesException.class)
        .hasMessageContaining("2 x no jpg")
        .hasMessageContaining("1 x picture format");
  }

  @Test
  void shardsWithoutSamplesAreNamed() {
    new TarBuilder().file("notes", "x").write(folder.resolve("a.tar"));
    assertThatThrownBy(() -> DataSet.find(List.of(folder + "/a.tar")))
        .isInstanceOf(ZeroSamplesException.class)
        .hasMessageContaining("a.tar");
  }

  @Test
  void theStreamKeepsOrderAndWaitsForDemand() {
    gradients(20);
    BatchLoader loader = loader(BatchOptions.of(R));
    ActorSystem system = ActorSystem.create("loader");
    try {
      var ends =
          TestSource.<SampleRange>create(system)
              .via(loader.flow(2, 2, system.dispatcher()))
              .toMat(TestSink.<Batch>create(system), Keep.both())
              .run(system);
      TestPublisher.Probe<SampleRange> ranges = ends.first();
      TestSubscriber.Probe<Batch> batches = ends.second();
      batches.ensureSubscription();
      for (int i = 0; i < 4; i++) {
        ranges.sendNext(new SampleRange(0, i, 1));
      }
      batches.request(4);
      for (int i = 0; i < 4; i++) {
        assertThat(batches.expectNext().positions()).containsExactly((long) i);
      }
      ranges.sendComplete();
      batches.expectComplete();
    } finally {
      TestKit.shutdownActorSystem(system);
    }
  }

  @Test
  void withoutDemandNoMoreIsLoadedThanMayWait() throws InterruptedException {
    gradients(20);
    BatchLoader loader = loader(BatchOptions.of(R));
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(5);
    Executor counting =
        load -> {
          loads.incrementAndGet();
          load.run();
          full.countDown();
        };
    ActorSystem system = ActorSystem.create("demand");
    try {
      TestSubscriber.Probe<Batch> batches =
          Source.range(0, 19)
              .map(i -> new SampleRange(0, i, 1))
              .via(loader.flow(2, 3, counting))
              .runWith(TestSink.<Batch>create(system), system);
      batches.ensureSubscription();
      assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(loads.get()).isEqualTo(5);
      batches.request(20);
      batches.expectNextN(20);
      batches.expectComplete();
      assertThat(loads.get()).isEqualTo(20);
    } finally {
      TestKit.shutdownActorSystem(system);
    }
  }

  private static void assertSame(Batch found, Batch expected) {
    assertThat(found.values()).isEqualTo(expected.values());
    assertThat(found.captions()).isEqualTo(expected.captions());
    assertThat(found.positions()).isEqualTo(expected.positions());
  }

  /** Pictures of 8x4 whose columns differ, so that a crop can be told from its pixels. */
  private void gradients(int count) {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(8, 4, BufferedImage.TYPE_INT_RGB);
      for (int p = 0; p < 32; p++) {
        image.setRGB(p % 8, p / 8, (p % 8) * 0x200000 + i);
      }
      tar.file("s" + i + ".png", TarBuilder.encode(image, "png")).file("s" + i + ".txt", "c" + i);
    }
    tar.write(folder.resolve("a.tar"));
  }

  private BatchLoader loader(BatchOptions options) {
    DataSet data = DataSet.find(List.of(folder + "/*.tar"));
    return new BatchLoader(data, new SampleOrder(11, data.counts(), 2), options, 11);
  }
}
