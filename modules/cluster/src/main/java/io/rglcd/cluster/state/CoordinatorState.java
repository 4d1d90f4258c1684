package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.RunStatus;
import io.rglcd.cluster.protocol.RunStatus.ReplicaStatus;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleLedger;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pcollections.TreePMap;

/**
 * The training as the coordinator sees it: a pure state machine.
 *
 * <table>
 * <caption>Transitions; an event that is not listed, or of an older attempt, changes nothing
 * </caption>
 * <tr><th>phase</th><th>event</th><th>next phase</th><th>effects</th></tr>
 * <tr><td>RECOVERING</td><td>enough replicas hold the newest state</td><td>COMPUTING</td>
 *     <td>plan</td></tr>
 * <tr><td>RECOVERING</td><td>patience ends, some hold the newest state</td><td>COMPUTING or
 *     PAUSED</td><td>plan, snapshot for the others</td></tr>
 * <tr><td>RECOVERING</td><td>patience ends, nobody holds it</td><td>COMMITTING</td>
 *     <td>append that the history is void after the newest state held</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, all finite</td><td>REDUCING</td><td>reduce</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, some not finite for the first time</td>
 *     <td>COMPUTING</td><td>abort, same plan, attempt + 1</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, some not finite twice</td><td>COMPUTING</td>
 *     <td>abort, ranges skipped, new plan, attempt + 1</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, no readable sample</td><td>COMPUTING</td>
 *     <td>abort, samples skipped, new plan, attempt + 1</td></tr>
 * <tr><td>COMPUTING</td><td>a straggler is late</td><td>COMPUTING</td>
 *     <td>its micro-batches to others as well; the first answer counts</td></tr>
 * <tr><td>REDUCING</td><td>last participant's mean, equal checksums</td><td>COMMITTING</td>
 *     <td>append the commit</td></tr>
 * <tr><td>REDUCING</td><td>a participant failed to reduce, or checksums differ</td>
 *     <td>COMPUTING</td><td>abort, same plan, attempt + 1</td></tr>
 * <tr><td>COMMITTING</td><td>the log holds the commit</td><td>COMPUTING, PAUSED or FINISHING</td>
 *     <td>commit, checkpoint if due, then plan, snapshot for those behind</td></tr>
 * <tr><td>COMMITTING</td><td>the log refuses</td><td>ENDED</td><td>fail</td></tr>
 * <tr><td>COMPUTING, REDUCING</td><td>member lost, enough left</td><td>COMPUTING</td>
 *     <td>abort, its ranges to others, attempt + 1, generation + 1</td></tr>
 * <tr><td>COMPUTING, REDUCING</td><td>member lost, too few left; quorum lost</td>
 *     <td>PAUSED</td><td>abort</td></tr>
 * <tr><td>PAUSED</td><td>enough workers are level, quorum, no wish to wait</td>
 *     <td>COMPUTING</td><td>plan</td></tr>
 * <tr><td>PAUSED</td><td>patience ends, nobody holds the newest state</td><td>ENDED</td>
 *     <td>start over, with a new term</td></tr>
 * <tr><td>PAUSED</td><td>stop</td><td>FINISHING</td><td>last checkpoint</td></tr>
 * <tr><td>FINISHING</td><td>last checkpoint written</td><td>ENDED</td><td>complete</td></tr>
 * <tr><td>any</td><td>follower failed, too many failures, no answer from anybody, checkpoint
 *     failed, replicas differ</td><td>ENDED</td><td>fail</td></tr>
 * </table>
 *
 * <p>Aborts never touch the weights: nothing is rolled back, and survivors keep the gradients they
 * have. Ranges are leased while a step is in progress and settled only together with a commit or a
 * recorded skip. Replicas that are behind take over a snapshot and are given every mean gradient
 * since; nobody waits for them.
 *
 * @param limits of the run
 * @param term of this coordinator
 * @param phase where it is
 * @param generation of the members
 * @param history the log at the start; dropped when the run goes on
 * @param progress what the run has reached
 * @param peers replicas that have registered
 * @param current the step in progress; also kept while paused in one
 * @param offers snapshots for those who are behind
 * @param awaited the last committed step, until a replica has reported it
 * @param parameters P, 0 until somebody has told
 * @param digest of the replicas at the last compared step
 * @param failures since the last commit
 * @param wishes of the user and the cluster
 * @param times clock readings
 */
public record CoordinatorState(
    RunLimits limits,
    Term term,
    Phase phase,
    Generation generation,
    Optional<CommitHistory> history,
    Progress progress,
    TreePMap<WorkerId, Peer> peers,
    Optional<StepInProgress> current,
    SortedMap<StepNumber, SnapshotOffer> offers,
    Optional<CommittedStep> awaited,
    long parameters,
    Optional<StateDigest> digest,
    int failures,
    Wishes wishes,
    Times times) {

  /** Copies what could be changed. */
  public CoordinatorState {
    offers = Collections.unmodifiableSortedMap(new TreeMap<>(offers));
  }

  /**
   * A coordinator of a new term, with nobody there yet.
   *
   * @param history what the log holds, read after the term was claimed
   */
  public static CoordinatorState start(
      RunLimits limits, Term term, Generation generation, CommitHistory history) {
    return new CoordinatorState(
        limits,
        term,
        Phase.RECOVERING,
        generation,
        Optional.of(history),
        history.progress(),
        TreePMap.empty(),
        Optional.empty(),
        new TreeMap<>(Map.of()),
        Optional.empty(),
        0,
        Optional.empty(),
        0,
        Wishes.NONE,
        Times.START);
  }

  /**
   * The decision.
   *
   * @param nanos time of the event on a monotonic clock
   */
  public Transition next(CoordinatorEvent event, long nanos) {
    if (phase == Phase.ENDED) {
      return new Transition(this, List.of());
    }
    Decision decision = new Decision(this, nanos);
    event.accept(new CoordinatorRules(decision));
    return decision.done();
  }

  /** Number of committed updates. */
  public StepNumber step() {
    return progress.step();
  }

  /** The samples. */
  public SampleLedger ledger() {
    return progress.ledger();
  }

  /** Whether a replica has registered and was not lost since. */
  public boolean knows(WorkerId worker) {
    return peers.containsKey(worker);
  }

  /** Workers that may be given a share. */
  public List<WorkerId> workers() {
    return peers.values().stream().filter(Peer::mayCompute).map(Peer::worker).toList();
  }

  /** What there is to tell of the run. */
  public RunStatus status() {
    SampleLedger ledger = progress.ledger();
    return new RunStatus(
        term,
        text(phase),
        generation,
        progress.step(),
        limits.steps(),
        ledger.epoch(),
        ledger.total(),
        ledger.settledInEpoch().committed(),
        ledger.settledInEpoch().skippedTotal(),
        ledger.leased(),
        failures,
        peers.values().stream().map(this::status).toList());
  }

  /** A replica that is level has what was committed; the others last said what they had. */
  private ReplicaStatus status(Peer peer) {
    return new ReplicaStatus(
        peer.worker(),
        peer.computes(),
        peer.isLevel() ? progress.step() : peer.holding().step(),
        text(peer.standing()),
        peer.leaving());
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
