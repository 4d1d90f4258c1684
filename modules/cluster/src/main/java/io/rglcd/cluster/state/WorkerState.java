package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The protocol as a replica sees it: a pure state machine.
 *
 * <table>
 * <caption>Transitions; what comes from an older term, or is older than what is known, changes
 * nothing</caption>
 * <tr><th>event</th><th>if</th><th>then</th></tr>
 * <tr><td>hello</td><td></td><td>register what is held</td></tr>
 * <tr><td>plan of step s+1</td><td>holds C_s</td><td>keep gradients of the same step that are
 *     finite, compute the others</td></tr>
 * <tr><td>plan or commit further on</td><td></td><td>register: left behind</td></tr>
 * <tr><td>micro-batch computed</td><td>the share is complete</td><td>deliver</td></tr>
 * <tr><td>reduce of step s+1</td><td>holds C_s</td><td>begin to reduce</td></tr>
 * <tr><td>reduced</td><td></td><td>gather; then prepared, and tell</td></tr>
 * <tr><td>commit of step s+1</td><td>prepared for exactly this</td><td>apply: C_(s+1)</td></tr>
 * <tr><td>abort</td><td>reducing for it</td><td>cancel; gradients are kept</td></tr>
 * <tr><td>follow from step t</td><td></td><td>catch up: keep the means after t</td></tr>
 * <tr><td>fetch snapshot of step t</td><td>follows from t</td><td>fetch it over the state: holds
 *     nothing</td></tr>
 * <tr><td>reduced</td><td>catching up</td><td>keep the mean aside</td></tr>
 * <tr><td>fetched</td><td></td><td>C_t, apply the committed means that were kept, tell</td></tr>
 * <tr><td>offer snapshot, save checkpoint</td><td>holds that step</td><td>write it</td></tr>
 * </table>
 *
 * @param id of the replica
 * @param term of the newest coordinator heard of
 * @param step number of updates applied, s; {@link StepNumber#NONE} from where a snapshot begins to
 *     be written over the state until it is complete
 * @param checksum of the mean gradient of update s; 0 before the first
 * @param plan of the attempt to compute for; empty between steps
 * @param results what is computed at C_s; their gradients are held
 * @param reducing the order being carried out
 * @param prepared the mean gradient of step s+1, not committed as far as is known
 * @param pending a commit that came before its mean was complete
 * @param catchUp while on the way to the others' state
 * @param newest attempt that was planned or reduced here
 * @param level whether this term's coordinator has counted on it
 */
public record WorkerState(
    WorkerId id,
    Term term,
    StepNumber step,
    long checksum,
    Optional<StepPlan> plan,
    Map<SampleRange, MicroBatchResult> results,
    Optional<Reduce> reducing,
    Optional<Prepared> prepared,
    Optional<Commit> pending,
    Optional<CatchUp> catchUp,
    Optional<StepKey> newest,
    boolean level) {

  /** Copies the map. */
  public WorkerState {
    results = Map.copyOf(results);
  }

  /** A replica that has just been opened. */
  public static WorkerState start(WorkerId id, StepNumber step, long checksum) {
    return new WorkerState(
        id,
        new Term(0),
        step,
        checksum,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** What follows from an event. */
  public WorkerTransition next(WorkerEvent event) {
    WorkerDecision decision = new WorkerDecision(this);
    event.accept(decision);
    return decision.done();
  }

  /** What it tells a coordinator. */
  public Holding holding() {
    return new Holding(step, checksum, prepared);
  }

  /** Micro-batches still to be computed, in order. */
  public List<SampleRange> missing() {
    return plan.flatMap(p -> p.share(id)).stream()
        .flatMap(share -> share.microBatches().stream())
        .map(MicroBatchShare::range)
        .filter(range -> !results.containsKey(range))
        .toList();
  }
}
