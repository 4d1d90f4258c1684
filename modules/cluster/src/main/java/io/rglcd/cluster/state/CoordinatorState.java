package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleLedger;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The training as the coordinator sees it: a pure state machine.
 *
 * <table>
 * <caption>Transitions; an event that is not listed, or of an older attempt, changes nothing
 * </caption>
 * <tr><th>phase</th><th>event</th><th>next phase</th><th>effects</th></tr>
 * <tr><td>STARTING</td><td>last worker or the follower registered</td><td>COMPUTING</td>
 *     <td>plan</td></tr>
 * <tr><td>STARTING</td><td>failure of any member</td><td>ENDED</td><td>fail</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, all finite</td><td>REDUCING</td><td>reduce</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, some not finite for the first time</td>
 *     <td>COMPUTING</td><td>abort, same plan, attempt + 1</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, some not finite twice</td><td>COMPUTING</td>
 *     <td>abort, ranges skipped, new plan, attempt + 1</td></tr>
 * <tr><td>COMPUTING</td><td>last gradients, no readable sample</td><td>COMPUTING</td>
 *     <td>abort, samples skipped, new plan, attempt + 1</td></tr>
 * <tr><td>REDUCING</td><td>last mean gradient, equal checksums</td>
 *     <td>COMPUTING, ADMITTING, PAUSED or FINISHING</td>
 *     <td>commit, checkpoint if due, then plan, snapshot or last checkpoint</td></tr>
 * <tr><td>REDUCING</td><td>last mean gradient, checksums differ</td><td>COMPUTING</td>
 *     <td>abort, same plan, attempt + 1</td></tr>
 * <tr><td>COMPUTING, REDUCING</td><td>worker failed, enough left</td><td>COMPUTING</td>
 *     <td>abort, its ranges to others, attempt + 1, generation + 1</td></tr>
 * <tr><td>COMPUTING, REDUCING</td><td>worker failed, too few left</td><td>PAUSED</td>
 *     <td>abort</td></tr>
 * <tr><td>PAUSED</td><td>enough workers registered</td><td>ADMITTING</td><td>snapshot</td></tr>
 * <tr><td>ADMITTING</td><td>last joiner restored or failed</td><td>COMPUTING or PAUSED</td>
 *     <td>plan, generation + 1</td></tr>
 * <tr><td>PAUSED, STARTING</td><td>stop</td><td>FINISHING, ENDED</td>
 *     <td>last checkpoint</td></tr>
 * <tr><td>FINISHING</td><td>last checkpoint written</td><td>ENDED</td><td>complete</td></tr>
 * <tr><td>any</td><td>follower failed, too many failures, timeout, checkpoint failed, replicas
 *     differ</td><td>ENDED</td><td>fail</td></tr>
 * </table>
 *
 * <p>Aborts never touch the weights: nothing is rolled back, and survivors keep the gradients they
 * have. Ranges are leased while a step is in progress and settled only together with a commit or a
 * recorded skip.
 *
 * @param limits of the run
 * @param phase where it is
 * @param term of this coordinator
 * @param generation of the members
 * @param step number of committed updates
 * @param members workers that hold C_step
 * @param joiners workers that hold no known state
 * @param ledger of the samples; during a step its ranges are leased
 * @param current the step in progress; also kept while paused in one
 * @param awaited the last committed step, until the follower has reported it
 * @param parameters P, 0 until the follower is there
 * @param snapshot directory of the joiners' snapshot while admitting
 * @param digest of the replicas at the last compared step
 * @param failures since the last commit
 * @param stopping whether the run is to end after this step
 * @param since time of the last commit, ns
 * @param now time of the event at hand, ns
 */
public record CoordinatorState(
    RunLimits limits,
    Phase phase,
    Term term,
    Generation generation,
    StepNumber step,
    SortedSet<WorkerId> members,
    SortedSet<WorkerId> joiners,
    SampleLedger ledger,
    Optional<StepInProgress> current,
    Optional<CommittedStep> awaited,
    long parameters,
    Optional<String> snapshot,
    Optional<StateDigest> digest,
    int failures,
    boolean stopping,
    long since,
    long now) {

  /** A run at a step, with nobody there yet. */
  public static CoordinatorState start(
      RunLimits limits, Term term, Generation generation, StepNumber step, SampleLedger ledger) {
    return new CoordinatorState(
        limits,
        Phase.STARTING,
        term,
        generation,
        step,
        new TreeSet<>(),
        new TreeSet<>(),
        ledger.releaseAll(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        0,
        false,
        0,
        0);
  }

  /**
   * The decision.
   *
   * @param nanos time of the event on a monotonic clock
   */
  public Transition next(CoordinatorEvent event, long nanos) {
    if (phase == Phase.ENDED) {
      return new Transition(this, java.util.List.of());
    }
    Decision decision = new Decision(this);
    decision.now = nanos;
    return event.applyTo(decision.state());
  }

  Transition onRegistered(CoordinatorEvent.Registered event) {
    return new Membership(new Decision(this)).registered(event.worker(), event.parameters());
  }

  Transition onFollowerReady(CoordinatorEvent.FollowerReady event) {
    return new Membership(new Decision(this)).followerReady(event.parameters());
  }

  Transition onFailed(CoordinatorEvent.Failed event) {
    return new Membership(new Decision(this)).failed(event.worker(), event.reason());
  }

  Transition onSnapshot(CoordinatorMessage.SnapshotTaken message) {
    return new Membership(new Decision(this)).snapshotTaken(message);
  }

  Transition onRestored(CoordinatorMessage.Restored message) {
    return new Membership(new Decision(this)).restored(message);
  }

  Transition onGradients(CoordinatorMessage.GradientsReady message) {
    return new StepRules(new Decision(this)).gradients(message);
  }

  Transition onMean(CoordinatorMessage.MeanReady message) {
    return new StepRules(new Decision(this)).mean(message);
  }

  Transition onApplied(CoordinatorMessage.Applied message) {
    return new StepRules(new Decision(this)).applied(message);
  }

  Transition onCheckpoint(CoordinatorMessage.CheckpointWritten message) {
    Decision next = new Decision(this);
    next.report(new TrainingEvent.CheckpointWritten(message.step().value(), message.directory()));
    if (phase == Phase.FINISHING && message.step().equals(step)) {
      next.phase = Phase.ENDED;
      boolean early = step.value() < limits.steps();
      next.report(new TrainingEvent.Finished(step.value(), early));
      next.effect(new Effect.Complete(step, early, ledger, message.directory()));
    }
    return next.done();
  }

  Transition onCheckpointFailed(CoordinatorMessage.CheckpointFailed message) {
    return new Decision(this)
        .fail("checkpoint of step " + message.step() + " was not written: " + message.reason());
  }

  Transition onStop() {
    Decision next = new Decision(this);
    next.stopping = true;
    if (phase == Phase.PAUSED) {
      next.finish();
    } else if (phase == Phase.STARTING) {
      return next.fail("stopped before the first step");
    }
    return next.done();
  }

  Transition onTimeout(CoordinatorEvent.TimedOut event) {
    Decision next = new Decision(this);
    if (current.isEmpty() || !current.get().key().equals(event.key())) {
      return next.done();
    }
    TreeSet<WorkerId> silent = new TreeSet<>(members);
    silent.removeAll(
        phase == Phase.COMPUTING
            ? current.get().gradients().keySet()
            : current.get().means().keySet());
    return next.fail(event.key() + ": no answer from " + silent + " within " + event.limit());
  }

  StepKey key(Attempt attempt) {
    return new StepKey(term, generation, step.next(), attempt);
  }
}
