package io.rglcd.data;

import java.util.List;

/**
 * What {@link SampleLedger#lease} dealt.
 *
 * @param ledger the ledger after dealing
 * @param ranges ascending and disjoint; together as many samples as asked for, fewer at the end of
 *     an epoch, none while the rest of the epoch is leased to others
 */
public record Lease(SampleLedger ledger, List<SampleRange> ranges) {

  /** Copies the list. */
  public Lease {
    ranges = List.copyOf(ranges);
  }

  /** Number of samples dealt. */
  public int count() {
    return ranges.stream().mapToInt(SampleRange::count).sum();
  }
}
