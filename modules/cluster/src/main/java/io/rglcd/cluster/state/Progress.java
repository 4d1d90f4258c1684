package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.SkippedRange;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.data.SampleLedger;
import java.util.List;
import java.util.Optional;

/**
 * What the run has reached.
 *
 * @param step number of committed updates, s
 * @param checksum of the mean gradient of update s; 0 before the first
 * @param last the commit of update s; empty at the very start or at a checkpoint
 * @param ledger of the samples; during a step its ranges are leased
 * @param skipped samples given up since the last commit
 */
record Progress(
    StepNumber step,
    long checksum,
    Optional<Commit> last,
    SampleLedger ledger,
    List<SkippedRange> skipped) {

  Progress {
    skipped = List.copyOf(skipped);
  }

  /** Whether a replica holds C_s. */
  boolean isHeldBy(Holding holding) {
    return holding.step().equals(step) && (step.value() == 0 || holding.checksum() == checksum);
  }

  /** Whether a replica lacks nothing but the word that its mean gradient was committed as s. */
  boolean isPreparedBy(Holding holding) {
    return holding.step().next().equals(step)
        && last.map(c -> new Prepared(c.key(), c.checksum())).equals(holding.prepared())
        && last.isPresent();
  }

  Progress with(SampleLedger next) {
    return new Progress(step, checksum, last, next, skipped);
  }

  Progress withSkipped(SampleLedger next, List<SkippedRange> given) {
    return new Progress(step, checksum, last, next, given);
  }
}
