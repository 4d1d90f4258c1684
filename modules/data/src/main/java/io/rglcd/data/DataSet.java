package io.rglcd.data;

import io.rglcd.data.shard.IndexStore;
import io.rglcd.data.shard.ShardDamage;
import io.rglcd.data.shard.ShardIndex;
import io.rglcd.data.shard.ShardIndexer;
import io.rglcd.data.shard.ShardSource;
import io.rglcd.data.source.ShardSources;
import io.rglcd.data.source.SourceOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * The shards of a run with their indices. Damaged shards are part of it with the samples before the
 * damage.
 *
 * @param shards in the order in which they were named
 */
public record DataSet(List<ShardIndex> shards) {

  /** Copies the list. */
  public DataSet {
    shards = List.copyOf(shards);
  }

  /** Finds and indexes shards, each of which must exist. */
  public static DataSet find(List<String> specifications) {
    return find(specifications, SourceOptions.DEFAULT);
  }

  /**
   * Finds and indexes shards.
   *
   * @param specifications as {@link ShardSources#find} takes them
   * @throws DataException naming a shard that does not exist or cannot be had, or a pattern that
   *     matches nothing
   * @throws ZeroSamplesException if there is not one sample in them
   */
  public static DataSet find(List<String> specifications, SourceOptions options) {
    ShardSources sources = new ShardSources(options, System::nanoTime, new Random());
    return index(
        sources.find(specifications),
        options.indexDirectory().map(IndexStore::open),
        options.skipMissing());
  }

  /**
   * Indexes shards; a sample whose files lie in shards in a row is one sample.
   *
   * @param store of indices that were read before; empty to read each shard
   * @param skipMissing whether shards that do not exist are damage only
   * @throws DataException naming a shard that does not exist or cannot be had
   * @throws ZeroSamplesException if there is not one sample in them
   */
  public static DataSet index(
      List<ShardSource> sources, Optional<IndexStore> store, boolean skipMissing) {
    DataSet set = new DataSet(ShardIndex.join(ShardIndexer.read(sources, store, skipMissing)));
    if (set.total() == 0) {
      Map<String, Long> reasons =
          set.shards.stream()
              .map(s -> s.damage().map(ShardDamage::reason).orElse("shard without samples"))
              .collect(Collectors.groupingBy(r -> r, Collectors.counting()));
      String names =
          sources.stream().limit(3).map(ShardSource::name).collect(Collectors.joining(", "));
      String more = sources.size() > 3 ? " and " + (sources.size() - 3) + " more" : "";
      throw new ZeroSamplesException(names + more, reasons);
    }
    return set;
  }

  /**
   * The same without what lies behind the first samples; all of it where there are no more.
   *
   * @param limit how many samples are kept at most, at least 1
   */
  public DataSet first(long limit) {
    if (limit < 1) {
      throw new DataException("limit: " + limit + " (expected: >= 1)");
    }
    List<ShardIndex> kept = new ArrayList<>();
    long left = limit;
    for (ShardIndex shard : shards) {
      int count = (int) Math.min(left, shard.samples().size());
      kept.add(
          count == shard.samples().size()
              ? shard
              : new ShardIndex(shard.source(), shard.samples().subList(0, count), shard.damage()));
      left -= count;
    }
    return new DataSet(kept);
  }

  /** Number of samples, readable or not. */
  public long total() {
    return shards.stream().mapToLong(shard -> shard.samples().size()).sum();
  }

  /** Number of samples of each shard. */
  public List<Integer> counts() {
    return shards.stream().map(shard -> shard.samples().size()).toList();
  }

  /** What is wrong with the shards, one entry a damaged shard. */
  public List<ShardDamage> damages() {
    return shards.stream().map(ShardIndex::damage).flatMap(Optional::stream).toList();
  }
}
