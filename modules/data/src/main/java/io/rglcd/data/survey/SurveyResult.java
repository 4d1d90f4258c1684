package io.rglcd.data.survey;

import io.rglcd.data.BadSample;
import io.rglcd.data.shard.ShardDamage;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is in shards.
 *
 * @param shards number of them
 * @param samples usable or not
 * @param bytes of the samples' files
 * @param widths of usable pictures, pixels
 * @param heights of usable pictures, pixels
 * @param aspects longer side over shorter side
 * @param captions characters of a caption
 * @param shorterSides power of two to number of pictures whose shorter side is at least that and
 *     less than twice that
 * @param bad samples that cannot be used
 * @param damages of shards
 */
public record SurveyResult(
    int shards,
    long samples,
    long bytes,
    Spread widths,
    Spread heights,
    Spread aspects,
    Spread captions,
    SortedMap<Integer, Long> shorterSides,
    List<BadSample> bad,
    List<ShardDamage> damages) {

  static SortedMap<Integer, Long> histogram(IntStream sides) {
    return sides
        .mapToObj(Integer::highestOneBit)
        .collect(Collectors.groupingBy(side -> side, TreeMap::new, Collectors.counting()));
  }

  /** Reason to number of samples that cannot be used. */
  public Map<String, Long> badByReason() {
    return bad.stream()
        .collect(
            Collectors.groupingBy(
                sample -> sample.reason().text(), TreeMap::new, Collectors.counting()));
  }
}
