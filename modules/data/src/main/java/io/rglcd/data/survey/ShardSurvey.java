package io.rglcd.data.survey;

import io.rglcd.data.BadSample;
import io.rglcd.data.BatchOptions;
import io.rglcd.data.DataSet;
import io.rglcd.data.DecodedSample;
import io.rglcd.data.SampleReader;
import io.rglcd.data.UnusableSampleException;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads every sample of shards, several at a time, and says what is in them. */
public final class ShardSurvey {

  /** Shorter side of small pictures. */
  private static final int RESOLUTION = 112;

  private final SampleReader reader = new SampleReader(BatchOptions.of(RESOLUTION));

  /**
   * A sample as it was found.
   *
   * @param bytes of all its files
   * @param picture width and height; empty where the sample cannot be used
   * @param captions of a usable sample
   * @param bad why it cannot be used
   */
  private record Seen(
      long bytes, Optional<int[]> picture, List<String> captions, Optional<BadSample> bad) {}

  /** What is in the shards of a data set. */
  public SurveyResult of(DataSet data) {
    List<Seen> seen = new ArrayList<>();
    for (ShardIndex shard : data.shards()) {
      List<SampleEntry> samples = shard.samples();
      long first = seen.size();
      seen.addAll(
          IntStream.range(0, samples.size())
              .parallel()
              .mapToObj(i -> see(shard.source().name(), samples.get(i), first + i))
              .toList());
    }
    List<int[]> sizes = seen.stream().flatMap(sample -> sample.picture().stream()).toList();
    return new SurveyResult(
        data.shards().size(),
        seen.size(),
        seen.stream().mapToLong(Seen::bytes).sum(),
        Spread.of(sizes.stream().mapToDouble(size -> size[0]).toArray()),
        Spread.of(sizes.stream().mapToDouble(size -> size[1]).toArray()),
        Spread.of(sizes.stream().mapToDouble(ShardSurvey::aspect).toArray()),
        Spread.of(
            seen.stream()
                .flatMap(sample -> sample.captions().stream())
                .mapToDouble(caption -> caption.codePointCount(0, caption.length()))
                .toArray()),
        SurveyResult.histogram(sizes.stream().mapToInt(size -> Math.min(size[0], size[1]))),
        seen.stream().flatMap(sample -> sample.bad().stream()).toList(),
        data.damages());
  }

  /**
   * The first samples that can be used, small.
   *
   * @param count how many at most
   */
  public List<DecodedSample> first(DataSet data, int count) {
    return data.shards().stream()
        .flatMap(shard -> shard.samples().stream())
        .flatMap(sample -> small(sample).stream())
        .limit(count)
        .toList();
  }

  private Optional<DecodedSample> small(SampleEntry sample) {
    try {
      return Optional.of(reader.read(sample));
    } catch (UnusableSampleException e) {
      return Optional.empty();
    }
  }

  private Seen see(String shard, SampleEntry sample, long number) {
    long bytes = sample.fields().stream().mapToLong(SampleEntry.Field::size).sum();
    try {
      DecodedSample whole = reader.readUnresized(sample);
      RgbImage image = whole.image();
      return new Seen(
          bytes,
          Optional.of(new int[] {image.width(), image.height()}),
          whole.captions(),
          Optional.empty());
    } catch (UnusableSampleException e) {
      BadSample bad = new BadSample(number, shard, sample.key(), e.reason(), e.getMessage());
      return new Seen(bytes, Optional.empty(), List.of(), Optional.of(bad));
    }
  }

  private static double aspect(int[] size) {
    return (double) Math.max(size[0], size[1]) / Math.min(size[0], size[1]);
  }
}
