package io.rglcd.data;

import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shards that have changed since they were indexed, indexed anew. The order of samples is that of
 * the first index, so that none comes twice: a sample is read from the new content only where that
 * has a sample of the same key at the same place. Thread-safe.
 */
final class ShardRestarts {

  /** A shard that changes more often is not indexed again. */
  static final int MOST = 3;

  private final List<ShardIndex> shards;
  private final ConcurrentHashMap<Integer, Restart> restarts = new ConcurrentHashMap<>();

  ShardRestarts(List<ShardIndex> shards) {
    this.shards = shards;
  }

  /**
   * A sample as it is known.
   *
   * @param entry empty where the shard has another sample in its place by now
   * @param restarts of its shard so far
   */
  record Known(Optional<SampleEntry> entry, int restarts) {}

  /** Where a sample lies. */
  Known find(SampleAddress address) {
    SampleEntry planned = shards.get(address.shard()).samples().get(address.index());
    Restart restart = restarts.get(address.shard());
    return restart == null
        ? new Known(Optional.of(planned), 0)
        : new Known(restart.find(planned, address.index()), restart.times);
  }

  /**
   * Indexes a sample's shard anew, unless another thread has done so since.
   *
   * @param restartsThen of the shard when the sample was found
   */
  void restart(SampleAddress address, int restartsThen) {
    restarts.compute(
        address.shard(),
        (shard, now) -> {
          int times = now == null ? 0 : now.times;
          return times == restartsThen ? new Restart(times + 1, again(shard)) : now;
        });
  }

  private List<SampleEntry> again(int shard) {
    try {
      return ShardIndex.read(shards.get(shard).source().anew()).samples();
    } catch (DataException e) {
      return List.of();
    }
  }

  private record Restart(int times, List<SampleEntry> samples) {

    Optional<SampleEntry> find(SampleEntry planned, int index) {
      return index < samples.size() && samples.get(index).key().equals(planned.key())
          ? Optional.of(samples.get(index))
          : Optional.empty();
    }
  }
}
