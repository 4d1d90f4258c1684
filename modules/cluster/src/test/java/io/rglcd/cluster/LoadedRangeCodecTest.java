package io.rglcd.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.data.SampleRange;
import io.rglcd.data.image.PixelLevels;
import io.rglcd.distill.BatchImages;
import io.rglcd.distill.BatchPrompts;
import io.rglcd.distill.MicroBatch;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LoadedRangeCodecTest {

  private static final SampleRange RANGE = new SampleRange(3, 15, 4);

  private static LoadedRange pictures(int resolution, List<String> captions) {
    byte[] levels = new byte[3 * resolution * resolution * captions.size()];
    new Random(1).nextBytes(levels);
    SampleRange range = new SampleRange(3, 15, captions.size());
    List<Long> ids = LongStream.range(range.start(), range.end()).boxed().toList();
    return new LoadedRange(
        range,
        Optional.of(
            new MicroBatch(
                3,
                ids,
                new BatchImages.Pixels(PixelLevels.values(levels), resolution),
                captions,
                new BatchPrompts.Tokens(LongStream.range(0, 2L * captions.size()).toArray(), 2))),
        List.of());
  }

  private static void assertSame(LoadedRange actual, LoadedRange expected) {
    assertThat(actual.unreadable()).isEqualTo(expected.unreadable());
    assertThat(actual.batch().isPresent()).isEqualTo(expected.batch().isPresent());
    if (expected.batch().isPresent()) {
      MicroBatch ours = actual.batch().orElseThrow();
      MicroBatch theirs = expected.batch().get();
      assertThat(ours.images())
          .usingRecursiveComparison()
          .isInstanceOf(theirs.images().getClass())
          .isEqualTo(theirs.images());
      assertThat(ours.sampleIds()).isEqualTo(theirs.sampleIds());
      assertThat(ours.captions()).isEqualTo(theirs.captions());
      assertThat(ours.prompts())
          .usingRecursiveComparison()
          .isInstanceOf(theirs.prompts().getClass())
          .isEqualTo(theirs.prompts());
      assertThat(ours.epoch()).isEqualTo(theirs.epoch());
    }
  }

  @Test
  void picturesTakeOneByteAColour() {
    LoadedRange loaded = pictures(64, List.of("a cat", "", "\u732b \ud83d\ude00"));
    byte[] bytes = LoadedRangeCodec.encode(loaded);
    assertThat(bytes.length).isBetween(3 * 64 * 64 * 3, 3 * 64 * 64 * 3 + 200);
    assertSame(LoadedRangeCodec.decode(loaded.range(), bytes), loaded);
  }

  @Test
  void valuesBetweenLevelsAndUnreadableSamplesSurvive() {
    for (Set<Long> bad : List.of(Set.<Long>of(), Set.of(16L), Set.of(15L, 16L, 17L, 18L))) {
      LoadedRange loaded = FakeSource.load(RANGE, bad);
      assertSame(LoadedRangeCodec.decode(RANGE, LoadedRangeCodec.encode(loaded)), loaded);
    }
  }

  @Test
  void momentsOfLatentsAndTextStatesSurvive() {
    float[] values = {1f, -0.5f, Float.MIN_VALUE, 30f, 2f, 3f, 4f, 5f};
    float[] states = {-1f, 1e-30f, 3f, 4f, 5f, 6f};
    SampleRange range = new SampleRange(0, 7, 1);
    LoadedRange loaded =
        new LoadedRange(
            range,
            Optional.of(
                new MicroBatch(
                    0,
                    List.of(7L),
                    new BatchImages.Moments(values, 2, 1, 2),
                    List.of("a"),
                    new BatchPrompts.Embeds(states, 3, 2))),
            List.of());
    assertSame(LoadedRangeCodec.decode(range, LoadedRangeCodec.encode(loaded)), loaded);
  }

  @Property(tries = 200)
  void damagedBytesAreNeverTaken(
      @ForAll @IntRange(max = 10_000) int at, @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] bytes = LoadedRangeCodec.encode(pictures(4, List.of("a", "b")));
    bytes[at % bytes.length] ^= (byte) change;
    assertThatThrownBy(() -> LoadedRangeCodec.decode(new SampleRange(3, 15, 2), bytes))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("were damaged on their way");
  }

  @Test
  void shortenedBytesAndAnotherRangeAreRefused() {
    byte[] bytes = LoadedRangeCodec.encode(FakeSource.load(RANGE, Set.of()));
    assertThatThrownBy(() -> LoadedRangeCodec.decode(RANGE, new byte[2]))
        .hasMessageContaining("were damaged");
    assertThatThrownBy(() -> LoadedRangeCodec.decode(new SampleRange(3, 15, 5), bytes))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("are not the samples of");
  }
}
