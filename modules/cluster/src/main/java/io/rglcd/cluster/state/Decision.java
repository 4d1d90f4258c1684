package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleLedger;
import io.rglcd.data.SampleRange;
import io.rglcd.data.ZeroSamplesException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A state under change, with the effects so far: what the rules write on. */
final class Decision {

  private final CoordinatorState before;
  private final List<Effect> effects = new ArrayList<>();

  Phase phase;
  Generation generation;
  StepNumber step;
  final TreeSet<WorkerId> members;
  final TreeSet<WorkerId> joiners;
  SampleLedger ledger;
  Optional<StepInProgress> current;
  Optional<CommittedStep> awaited;
  long parameters;
  Optional<String> snapshot;
  Optional<StateDigest> digest;
  int failures;
  boolean stopping;
  long since;
  long now;

  Decision(CoordinatorState state) {
    this.before = state;
    this.phase = state.phase();
    this.generation = state.generation();
    this.step = state.step();
    this.members = new TreeSet<>(state.members());
    this.joiners = new TreeSet<>(state.joiners());
    this.ledger = state.ledger();
    this.current = state.current();
    this.awaited = state.awaited();
    this.parameters = state.parameters();
    this.snapshot = state.snapshot();
    this.digest = state.digest();
    this.failures = state.failures();
    this.stopping = state.stopping();
    this.since = state.since();
    this.now = state.now();
  }

  RunLimits limits() {
    return before.limits();
  }

  CoordinatorState state() {
    return new CoordinatorState(
        before.limits(),
        phase,
        before.term(),
        generation,
        step,
        members,
        joiners,
        ledger,
        current,
        awaited,
        parameters,
        snapshot,
        digest,
        failures,
        stopping,
        since,
        now);
  }

  Transition done() {
    return new Transition(state(), effects);
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  void report(TrainingEvent event) {
    effects.add(new Effect.Report(event));
  }

  Transition fail(String reason) {
    phase = Phase.ENDED;
    effects.add(new Effect.Fail(reason));
    return done();
  }

  /** Counts a failure; true if there were too many since the last commit. */
  boolean countFailure() {
    failures++;
    return failures > limits().maxFailures();
  }

  void abort(StepInProgress attempt, String reason) {
    effects.add(new Effect.SendAbort(new Abort(attempt.key(), reason), List.copyOf(members)));
    report(new TrainingEvent.StepAborted(attempt.key(), reason));
  }

  /** Goes on between steps, or within one that was interrupted. */
  void proceed() {
    if (current.isEmpty() && (stopping || step.value() >= limits().steps())) {
      finish();
    } else if (!joiners.isEmpty()
        && members.size() + joiners.size() >= limits().minWorkers()
        && current.isEmpty()) {
      admit();
    } else if (members.size() >= limits().minWorkers()) {
      plan();
    } else if (!joiners.isEmpty() && members.size() + joiners.size() >= limits().minWorkers()) {
      admit();
    } else {
      phase = Phase.PAUSED;
      report(new TrainingEvent.Paused(members.size(), limits().minWorkers()));
      if (stopping) {
        finish();
      }
    }
  }

  private void admit() {
    phase = Phase.ADMITTING;
    snapshot = Optional.empty();
    effects.add(new Effect.TakeSnapshot(step));
  }

  void finish() {
    phase = Phase.FINISHING;
    ledger = ledger.releaseAll();
    current = Optional.empty();
    saveCheckpoint();
  }

  void saveCheckpoint() {
    effects.add(new Effect.SaveCheckpoint(before.term(), generation, step, ledger));
  }

  private void plan() {
    if (current.isPresent()) {
      StepInProgress old = current.get();
      retry(old.deal().among(members, generation), old.retried());
    } else {
      planAnew(new Attempt(0), Set.of());
    }
  }

  /** The same micro-batches once more. */
  void retry(Deal deal, Set<SampleRange> retried) {
    send(deal, current.orElseThrow().key().attempt().next(), retried);
  }

  /** The next micro-batches of the ledger. */
  void planAnew(Attempt attempt, Set<SampleRange> retried) {
    try {
      send(Deal.next(ledger, members, generation, limits()), attempt, retried);
    } catch (ZeroSamplesException e) {
      fail(e.getMessage());
    }
  }

  private void send(Deal deal, Attempt attempt, Set<SampleRange> retried) {
    StepKey key = new StepKey(before.term(), generation, step.next(), attempt);
    List<SliceOwner> slices = Deal.slices(members, parameters);
    phase = Phase.COMPUTING;
    ledger = deal.ledger();
    current = Optional.of(StepInProgress.of(key, deal, slices, retried));
    Optional<Deal> ahead =
        step.value() + 1 < limits().steps()
            ? Optional.of(deal.guessNext(members, generation, limits()))
            : Optional.empty();
    List<WorkerShare> shares = new ArrayList<>();
    for (WorkerId member : members) {
      List<SampleRange> hint =
          ahead
              .map(guess -> guess.of(member).stream().map(MicroBatchShare::range).toList())
              .orElse(List.of());
      shares.add(new WorkerShare(member, deal.of(member), hint));
    }
    effects.add(new Effect.SendPlan(new StepPlan(key, shares, slices)));
  }
}
