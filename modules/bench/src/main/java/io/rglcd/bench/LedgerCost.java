package io.rglcd.bench;

import io.rglcd.data.Lease;
import io.rglcd.data.Lessee;
import io.rglcd.data.SampleAddress;
import io.rglcd.data.SampleLedger;
import io.rglcd.data.SampleOrder;
import io.rglcd.data.SampleRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * What the bookkeeping of CC12M's samples costs, without reading any: the order, leases and commits
 * of one epoch of 1,091 shards, in time a step and in memory.
 */
public final class LedgerCost {

  private static final int SHARDS = 1091;
  private static final long SAMPLES = 12_423_374;
  private static final int BATCH = 16;

  /** One in so many steps is given back and dealt again, as when a worker is lost. */
  private static final int LOST = 20;

  /** Steps whose samples are leased ahead. */
  private static final int AHEAD = 8;

  private LedgerCost() {}

  /**
   * Measures and prints.
   *
   * @param arguments micro-batches of a step, 64 by default
   */
  public static void main(String[] arguments) {
    int batches = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
    long before = usedBytes();
    SampleOrder order = new SampleOrder(1, counts(), 4);
    SampleLedger ledger = SampleLedger.of(SAMPLES);
    Random random = new Random(1);
    Deque<List<SampleRange>> leased = new ArrayDeque<>();
    List<Double> millis = new ArrayList<>();
    long found = 0;
    long most = 0;
    long step = 0;
    while (!ledger.isEpochComplete()) {
      long began = System.nanoTime();
      while (leased.size() < AHEAD && ledger.pending() > 0) {
        List<SampleRange> ranges = new ArrayList<>();
        for (int batch = 0; batch < batches && ledger.pending() > 0; batch++) {
          Lease lease = ledger.lease(BATCH, new Lessee("worker-" + batch, step));
          ledger = lease.ledger();
          ranges.addAll(lease.ranges());
        }
        leased.add(ranges);
      }
      List<SampleRange> next = leased.poll();
      for (SampleRange range : next) {
        List<SampleAddress> addresses = order.addresses(range);
        found += addresses.size();
      }
      if (random.nextInt(LOST) == 0) {
        found -= next.stream().mapToInt(SampleRange::count).sum();
        ledger = ledger.release(next);
      } else {
        ledger = ledger.commit(next, Map.of(), ++step);
      }
      millis.add((System.nanoTime() - began) / 1e6);
      if (step % 1000 == 0) {
        most = Math.max(most, usedBytes() - before);
      }
    }
    if (found != SAMPLES || ledger.settledInEpoch().committed() != SAMPLES) {
      throw new IllegalStateException(found + " samples (expected: " + SAMPLES + ")");
    }
    System.out.printf(
        Locale.ROOT,
        "shards=%d samples=%d steps=%d micro_batches=%d ms_per_step=%.3f slowest_ms=%.1f"
            + " peak_mib=%.1f checkpoint_bytes=%d%n",
        SHARDS,
        SAMPLES,
        step,
        batches,
        millis.stream().mapToDouble(Double::doubleValue).average().orElseThrow(),
        millis.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
        most / 1048576.0,
        ledger.toJson().toString().length());
  }

  private static List<Integer> counts() {
    List<Integer> counts = new ArrayList<>();
    long left = SAMPLES;
    for (int shard = SHARDS; shard > 0; shard--) {
      int count = (int) (left / shard);
      counts.add(count);
      left -= count;
    }
    return counts;
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
