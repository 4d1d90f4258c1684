package io.rglcd.data;

import io.rglcd.tensor.random.CounterRandom;
import io.rglcd.tensor.random.Purpose;
import io.rglcd.tensor.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The order of each epoch's samples: a pure function of (seed, epoch, shard list with counts), the
 * same in every process. The shards are permuted; each group of {@code shuffleShards} consecutive
 * ones of them has its samples permuted together (Fisher-Yates over counter-based random numbers),
 * as a shuffle buffer would, but repeatable. No more than one group's permutation is in memory.
 *
 * <p>Thread-safe.
 */
public final class SampleOrder {

  /** Addresses of the permutations under {@link Purpose#SHUFFLE}. */
  private static final long SHARDS = 0;

  private static final long FIRST_GROUP = 1;

  private final CounterRandom random;
  private final int[] counts;
  private final int shuffleShards;
  private final long total;
  private volatile EpochOrder lastEpoch;
  private volatile Group lastGroup;

  /**
   * The order of a shard list.
   *
   * @param seed of the run
   * @param counts number of samples of each shard, in the order of the list
   * @param shuffleShards how many shards are shuffled into each other, at least 1
   */
  public SampleOrder(long seed, List<Integer> counts, int shuffleShards) {
    if (shuffleShards < 1) {
      throw new DataException("shuffleShards: " + shuffleShards + " (expected: >= 1)");
    }
    this.random = CounterRandom.of(seed);
    this.counts = counts.stream().mapToInt(Integer::intValue).toArray();
    this.shuffleShards = shuffleShards;
    this.total = Arrays.stream(this.counts).asLongStream().sum();
  }

  /** Number of samples of an epoch, N. */
  public long total() {
    return total;
  }

  /**
   * The samples at consecutive positions of an epoch.
   *
   * @throws DataException where the range ends behind the epoch
   */
  public List<SampleAddress> addresses(SampleRange range) {
    if (range.end() > total) {
      throw new DataException(range + " (expected: within the " + total + " samples of an epoch)");
    }
    EpochOrder epoch = epoch(range.epoch());
    List<SampleAddress> addresses = new ArrayList<>(range.count());
    Group group = null;
    for (long position = range.start(); position < range.end(); position++) {
      int number = epoch.slot(position) / shuffleShards;
      if (group == null || group.number != number) {
        group = group(epoch, number);
      }
      long shuffled = group.start + group.permutation[(int) (position - group.start)];
      int slot = epoch.slot(shuffled);
      addresses.add(new SampleAddress(epoch.shards[slot], (int) (shuffled - epoch.starts[slot])));
    }
    return addresses;
  }

  private EpochOrder epoch(long number) {
    EpochOrder known = lastEpoch;
    if (known != null && known.number == number) {
      return known;
    }
    EpochOrder made = new EpochOrder(number, permutation(number, SHARDS, counts.length), counts);
    lastEpoch = made;
    return made;
  }

  private Group group(EpochOrder epoch, int number) {
    Group known = lastGroup;
    if (known != null && known.epoch == epoch.number && known.number == number) {
      return known;
    }
    int first = number * shuffleShards;
    int last = (int) Math.min(counts.length, (long) first + shuffleShards);
    long start = epoch.starts[first];
    int size = Math.toIntExact(epoch.starts[last] - start);
    Group made =
        new Group(
            epoch.number, number, start, permutation(epoch.number, FIRST_GROUP + number, size));
    lastGroup = made;
    return made;
  }

  private int[] permutation(long epoch, long key, int size) {
    RandomStream draws = random.at(epoch, key, Purpose.SHUFFLE);
    int[] permutation = new int[size];
    for (int i = 0; i < size; i++) {
      int j = draws.nextInt(i + 1);
      permutation[i] = permutation[j];
      permutation[j] = i;
    }
    return permutation;
  }

  /** The shards of an epoch in their order, and the position where each begins; the last is N. */
  private static final class EpochOrder {

    final long number;
    final int[] shards;
    final long[] starts;

    EpochOrder(long number, int[] shards, int[] counts) {
      this.number = number;
      this.shards = shards;
      this.starts = new long[shards.length + 1];
      for (int slot = 0; slot < shards.length; slot++) {
        starts[slot + 1] = starts[slot] + counts[shards[slot]];
      }
    }

    /** The last slot that begins at or before a position, so that empty shards are passed over. */
    int slot(long position) {
      int low = 0;
      int high = shards.length;
      while (low + 1 < high) {
        int middle = (low + high) >>> 1;
        if (starts[middle] <= position) {
          low = middle;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** The permutation of one group's samples. */
  private static final class Group {

    final long epoch;
    final int number;
    final long start;
    final int[] permutation;

    Group(long epoch, int number, long start, int[] permutation) {
      this.epoch = epoch;
      this.number = number;
      this.start = start;
      this.permutation = permutation;
    }
  }
}
