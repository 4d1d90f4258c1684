package io.rglcd.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.data.SampleStatus.Committed;
import io.rglcd.data.SampleStatus.Leased;
import io.rglcd.data.SampleStatus.Pending;
import io.rglcd.data.SampleStatus.Skipped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What became of each sample of the current epoch, and how many of the epochs before: the part of
 * the training state that makes every readable sample contribute to exactly one step. Immutable:
 * each operation returns the ledger after it, so that what comes next can be looked at (to prefetch
 * it) by leasing from a copy.
 *
 * <table>
 * <caption>Transitions of a sample</caption>
 * <tr><th>from</th><th>operation</th><th>to</th></tr>
 * <tr><td>pending</td><td>{@link #lease}</td><td>leased(worker, generation)</td></tr>
 * <tr><td>leased</td><td>{@link #commit}, sample readable</td><td>committed</td></tr>
 * <tr><td>leased</td><td>{@link #commit}, sample unreadable</td><td>skipped(reason)</td></tr>
 * <tr><td>leased</td><td>{@link #release}, {@link #releaseWorker}, {@link #releaseAll}</td>
 *     <td>pending</td></tr>
 * <tr><td>pending, leased</td><td>{@link #skip}</td><td>skipped(reason)</td></tr>
 * <tr><td>committed, skipped (all of the epoch)</td><td>{@link #lease}</td>
 *     <td>pending, in the next epoch</td></tr>
 * </table>
 *
 * <p>Anything else is refused. Pending samples are dealt in ascending order, so returned ones come
 * before those never dealt. Invariant: pending + leased + committed + skipped = samples of the
 * epoch. Samples below the first one that is not settled are kept as counts only, the others as
 * intervals: the size does not grow with the number of samples seen.
 */
public final class SampleLedger {

  private final long total;
  private final long epoch;
  private final long lastStep;
  private final StatusSpans open;
  private final SampleTally settled;
  private final SampleTally earlier;

  SampleLedger(
      long total,
      long epoch,
      long lastStep,
      StatusSpans open,
      SampleTally settled,
      SampleTally earlier) {
    this.total = total;
    this.epoch = epoch;
    this.lastStep = lastStep;
    this.open = open;
    this.settled = settled;
    this.earlier = earlier;
  }

  /**
   * All samples of epoch 0 pending.
   *
   * @param total number of samples of an epoch
   * @throws ZeroSamplesException if there are none
   */
  public static SampleLedger of(long total) {
    if (total < 1) {
      throw new ZeroSamplesException("the shards", Map.of());
    }
    return new SampleLedger(
        total, 0, 0, StatusSpans.of(0, total, new Pending()), SampleTally.NONE, SampleTally.NONE);
  }

  /**
   * Deals the next pending samples; where the epoch is complete, those of the next one.
   *
   * @param count at most so many, at least 1
   * @throws ZeroSamplesException if a whole epoch was skipped: the next would be too
   */
  public Lease lease(int count, Lessee lessee) {
    if (count < 1) {
      throw new DataException("samples to lease: " + count + " (expected: >= 1)");
    }
    if (isEpochComplete()) {
      return nextEpoch().lease(count, lessee);
    }
    List<SampleRange> ranges = new ArrayList<>();
    int left = count;
    for (SampleRange pending : open.ranges(epoch, Pending.class::isInstance)) {
      if (left == 0) {
        break;
      }
      SampleRange range = new SampleRange(epoch, pending.start(), Math.min(left, pending.count()));
      ranges.add(range);
      left -= range.count();
    }
    return new Lease(moved(ranges, new Leased(lessee), Pending.class::isInstance), ranges);
  }

  /**
   * Settles leased ranges as part of a step.
   *
   * @param unreadable position to reason, for samples of these ranges that could not be used
   * @param step number of the committed update, above that of any commit before
   * @throws DataException if a range is not leased or the step is not a new one
   */
  public SampleLedger commit(List<SampleRange> ranges, Map<Long, String> unreadable, long step) {
    if (step <= lastStep) {
      throw new DataException("step to commit: " + step + " (expected: above " + lastStep + ")");
    }
    for (long position : unreadable.keySet()) {
      if (ranges.stream().noneMatch(r -> r.start() <= position && position < r.end())) {
        throw new DataException("unreadable sample " + position + " is not in " + ranges);
      }
    }
    List<StatusSpan> changes = new ArrayList<>();
    for (SampleRange range : inThisEpoch(ranges)) {
      long from = range.start();
      for (long at = from; at < range.end(); at++) {
        String reason = unreadable.get(at);
        if (reason != null) {
          changes.add(new StatusSpan(from, at, new Committed()));
          changes.add(new StatusSpan(at, at + 1, new Skipped(reason)));
          from = at + 1;
        }
      }
      changes.add(new StatusSpan(from, range.end(), new Committed()));
    }
    return folded(open.with(changes, Leased.class::isInstance), step);
  }

  /** The ledger to deal from: where the epoch is complete, that of the next one. */
  public SampleLedger dealable() {
    return isEpochComplete() ? nextEpoch() : this;
  }

  /**
   * Deals pending ranges.
   *
   * @param lessees of each range
   * @throws DataException if one of these samples is not pending
   */
  public SampleLedger lease(Map<SampleRange, Lessee> lessees) {
    inThisEpoch(List.copyOf(lessees.keySet()));
    List<StatusSpan> changes = new ArrayList<>();
    lessees.forEach(
        (range, lessee) ->
            changes.add(new StatusSpan(range.start(), range.end(), new Leased(lessee))));
    return folded(open.with(changes, Pending.class::isInstance), lastStep);
  }

  /** Takes leased ranges back; they are dealt again before samples that never were. */
  public SampleLedger release(List<SampleRange> ranges) {
    return moved(ranges, new Pending(), Leased.class::isInstance);
  }

  /** Takes back all that a worker holds, in whatever generation. */
  public SampleLedger releaseWorker(String worker) {
    return folded(
        open.replace(
            s -> s instanceof Leased leased && leased.lessee().worker().equals(worker),
            new Pending()),
        lastStep);
  }

  /** Takes all leases back, as after a restart from a checkpoint. */
  public SampleLedger releaseAll() {
    return folded(open.replace(Leased.class::isInstance, new Pending()), lastStep);
  }

  /** Settles pending or leased ranges as not used. */
  public SampleLedger skip(List<SampleRange> ranges, String reason) {
    return moved(ranges, new Skipped(reason), s -> !s.isSettled());
  }

  /** Whether all samples of the current epoch are committed or skipped. */
  public boolean isEpochComplete() {
    return open.spans().isEmpty();
  }

  /** The current epoch, from 0. */
  public long epoch() {
    return epoch;
  }

  /** Number of samples of an epoch. */
  public long total() {
    return total;
  }

  /** The step of the last commit, 0 before the first. */
  public long lastStep() {
    return lastStep;
  }

  /** Number of samples of the epoch that are not dealt. */
  public long pending() {
    return open.count(Pending.class::isInstance);
  }

  /** Number of samples of the epoch that are dealt and not settled. */
  public long leased() {
    return open.count(Leased.class::isInstance);
  }

  /** What is settled in the current epoch. */
  public SampleTally settledInEpoch() {
    return settled.plus(open.tally(open.spans().size()));
  }

  /** What is settled in all epochs together. */
  public SampleTally settled() {
    return earlier.plus(settledInEpoch());
  }

  /** What is dealt and not settled, ascending; neighbouring leases of one holder are joined. */
  public List<SampleRange> leasedRanges() {
    return open.ranges(epoch, Leased.class::isInstance);
  }

  /** What is not dealt, ascending. */
  public List<SampleRange> pendingRanges() {
    return open.ranges(epoch, Pending.class::isInstance);
  }

  /** For the checkpoint; {@link #fromJson} reads it. */
  public JsonNode toJson() {
    return SampleLedgerJson.write(this);
  }

  /**
   * The ledger that {@link #toJson} wrote.
   *
   * @throws DataException where it is not one
   */
  public static SampleLedger fromJson(JsonNode json) {
    return SampleLedgerJson.read(json);
  }

  StatusSpans open() {
    return open;
  }

  SampleTally tally() {
    return settled;
  }

  SampleTally earlier() {
    return earlier;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SampleLedger ledger && toJson().equals(ledger.toJson());
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  @Override
  public String toString() {
    return toJson().toString();
  }

  private SampleLedger nextEpoch() {
    if (settled.committed() == 0) {
      throw new ZeroSamplesException("epoch " + epoch, settled.skipped());
    }
    return new SampleLedger(
        total,
        epoch + 1,
        lastStep,
        StatusSpans.of(0, total, new Pending()),
        SampleTally.NONE,
        earlier.plus(settled));
  }

  private SampleLedger moved(
      List<SampleRange> ranges, SampleStatus to, Predicate<SampleStatus> from) {
    List<StatusSpan> changes =
        inThisEpoch(ranges).stream()
            .map(range -> new StatusSpan(range.start(), range.end(), to))
            .toList();
    return folded(open.with(changes, from), lastStep);
  }

  private List<SampleRange> inThisEpoch(List<SampleRange> ranges) {
    for (SampleRange range : ranges) {
      if (range.epoch() != epoch) {
        throw new DataException("samples of " + range + " (expected: of epoch " + epoch + ")");
      }
    }
    return ranges;
  }

  /** Moves the settled beginning of the open part into the counts. */
  private SampleLedger folded(StatusSpans next, long step) {
    List<StatusSpan> spans = next.spans();
    int done = 0;
    while (done < spans.size() && spans.get(done).status().isSettled()) {
      done++;
    }
    return new SampleLedger(
        total,
        epoch,
        step,
        new StatusSpans(spans.subList(done, spans.size())),
        settled.plus(next.tally(done)),
        earlier);
  }
}
