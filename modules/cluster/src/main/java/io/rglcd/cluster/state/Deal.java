package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.Lease;
import io.rglcd.data.Lessee;
import io.rglcd.data.SampleLedger;
import io.rglcd.data.SampleRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Micro-batches dealt to members, with the ledger after dealing. Which samples form a micro-batch
 * does not depend on the members; only who computes it does.
 *
 * @param ledger with every range leased to its holder
 * @param holders micro-batch to holder, ascending
 */
record Deal(SampleLedger ledger, Map<MicroBatchShare, WorkerId> holders) {

  private static final Comparator<MicroBatchShare> BY_INDEX =
      Comparator.comparingInt(MicroBatchShare::index);

  /**
   * Deals the next global batch; less at the end of an epoch. Neighbours go to the same member, so
   * that their gradients can be added before they travel.
   *
   * @throws io.rglcd.data.ZeroSamplesException if no sample can be used any more
   */
  static Deal next(
      SampleLedger ledger, Collection<WorkerId> members, Generation generation, RunLimits limits) {
    SampleLedger from = ledger.dealable();
    List<SampleRange> ranges = new ArrayList<>();
    int left = limits.globalBatch();
    for (SampleRange pending : from.pendingRanges()) {
      for (long at = pending.start(); at < pending.end() && left > 0; ) {
        int count = (int) Math.min(Math.min(left, limits.microBatchSize()), pending.end() - at);
        ranges.add(new SampleRange(pending.epoch(), at, count));
        at += count;
        left -= count;
      }
    }
    List<WorkerId> order = List.copyOf(members);
    Map<MicroBatchShare, WorkerId> holders = new TreeMap<>(BY_INDEX);
    Map<SampleRange, Lessee> lessees = new LinkedHashMap<>();
    for (int i = 0; i < ranges.size(); i++) {
      WorkerId holder = order.get((int) ((long) i * order.size() / ranges.size()));
      holders.put(new MicroBatchShare(i, ranges.get(i)), holder);
      lessees.put(ranges.get(i), new Lessee(holder.value(), generation.value()));
    }
    return new Deal(from.lease(lessees), holders);
  }

  /** Gives what others than the members hold to the members with the fewest micro-batches. */
  Deal among(Collection<WorkerId> members, Generation generation) {
    Map<MicroBatchShare, WorkerId> kept = new TreeMap<>(BY_INDEX);
    Map<WorkerId, Integer> load = new TreeMap<>();
    members.forEach(m -> load.put(m, 0));
    holders.forEach((share, holder) -> load.computeIfPresent(holder, (m, count) -> count + 1));
    SampleLedger now = ledger;
    for (Map.Entry<MicroBatchShare, WorkerId> entry : holders.entrySet()) {
      WorkerId holder = entry.getValue();
      MicroBatchShare share = entry.getKey();
      if (!load.containsKey(holder)) {
        holder = load.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow().getKey();
        load.merge(holder, 1, Integer::sum);
        Lease lease =
            now.release(List.of(share.range()))
                .lease(share.range().count(), new Lessee(holder.value(), generation.value()));
        if (!lease.ranges().equals(List.of(share.range()))) {
          throw new IllegalStateException(
              "dealt again: " + lease.ranges() + " (expected: " + share.range() + ")");
        }
        now = lease.ledger();
      }
      kept.put(share, holder);
    }
    return new Deal(now, kept);
  }

  /** What would be dealt next if this were committed; the ledger of the answer is a guess. */
  Deal guessNext(Collection<WorkerId> members, Generation generation, RunLimits limits) {
    SampleLedger after = ledger.commit(ranges(), Map.of(), ledger.lastStep() + 1);
    return next(after, members, generation, limits);
  }

  List<SampleRange> ranges() {
    return holders.keySet().stream().map(MicroBatchShare::range).toList();
  }

  /** Each holder's micro-batches, ascending. */
  Map<WorkerId, List<MicroBatchShare>> byHolder() {
    Map<WorkerId, List<MicroBatchShare>> shares = new TreeMap<>();
    holders.forEach(
        (share, holder) -> shares.computeIfAbsent(holder, h -> new ArrayList<>()).add(share));
    return shares;
  }

  /** Cuts [0, parameters) into one slice a member, in their order, as equal as can be. */
  static List<SliceOwner> slices(Collection<WorkerId> members, long parameters) {
    List<SliceOwner> slices = new ArrayList<>();
    long start = 0;
    int index = 0;
    for (WorkerId member : members) {
      index++;
      long end = parameters / members.size() * index + Math.min(index, parameters % members.size());
      if (end > start) {
        slices.add(new SliceOwner(member, start, end - start));
      }
      start = end;
    }
    return slices;
  }
}
