package io.rglcd.data.shard;

import io.rglcd.data.DataException;
import java.lang.ref.SoftReference;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * The samples of a shard whose index is stored: in memory while they are used and there is room, so
 * that the shards of a data set may have more samples than fit. Thread-safe.
 */
final class StoredSamples extends AbstractList<SampleEntry> implements RandomAccess {

  private final IndexStore store;
  private final ShardSource shard;
  private final String version;
  private final int size;

  /** Neighbouring shards are compared by these, all of them at the start. */
  private final SampleEntry first;

  private final SampleEntry last;
  private SoftReference<List<SampleEntry>> table = new SoftReference<>(null);

  /**
   * Samples that lie in a store.
   *
   * @param samples what is stored, at least one; not kept
   */
  StoredSamples(IndexStore store, ShardSource shard, String version, List<SampleEntry> samples) {
    this.store = store;
    this.shard = shard;
    this.version = version;
    this.size = samples.size();
    this.first = samples.get(0);
    this.last = samples.get(size - 1);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public SampleEntry get(int index) {
    if (index == 0) {
      return first;
    }
    return index == size - 1 ? last : table().get(index);
  }

  private synchronized List<SampleEntry> table() {
    List<SampleEntry> known = table.get();
    if (known == null) {
      known =
          store
              .load(shard, version)
              .<List<SampleEntry>>map(t -> t)
              .orElseGet(() -> ShardIndex.read(shard).samples());
      if (known.size() != size) {
        throw new DataException(
            "shard " + shard.name() + " has changed and its stored index has gone (start again)");
      }
      table = new SoftReference<>(known);
    }
    return known;
  }
}
