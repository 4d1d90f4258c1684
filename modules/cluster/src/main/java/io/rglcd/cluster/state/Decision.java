package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleRange;
import io.rglcd.data.SampleTally;
import io.rglcd.data.ZeroSamplesException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pcollections.TreePMap;

/** A state under change, with the effects so far: what the rules write on. */
final class Decision {

  private final CoordinatorState before;
  private final List<Effect> effects = new ArrayList<>();

  Phase phase;
  Generation generation;
  Optional<CommitHistory> history;
  Progress progress;
  TreePMap<WorkerId, Peer> peers;
  Optional<StepInProgress> current;
  final TreeMap<StepNumber, SnapshotOffer> offers;
  Optional<CommittedStep> awaited;
  long parameters;
  Optional<StateDigest> digest;
  int failures;
  Wishes wishes;
  Times times;

  Decision(CoordinatorState state, long nanos) {
    this.before = state;
    this.phase = state.phase();
    this.generation = state.generation();
    this.history = state.history();
    this.progress = state.progress();
    this.peers = state.peers();
    this.current = state.current();
    this.offers = new TreeMap<>(state.offers());
    this.awaited = state.awaited();
    this.parameters = state.parameters();
    this.digest = state.digest();
    this.failures = state.failures();
    this.wishes = state.wishes();
    this.times = state.times().at(nanos);
  }

  RunLimits limits() {
    return before.limits();
  }

  Term term() {
    return before.term();
  }

  Transition done() {
    return new Transition(
        new CoordinatorState(
            before.limits(),
            before.term(),
            phase,
            generation,
            history,
            progress,
            peers,
            current,
            offers,
            awaited,
            parameters,
            digest,
            failures,
            wishes,
            times),
        effects);
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  void tell(List<WorkerId> to, WorkerMessage message) {
    if (!to.isEmpty()) {
      effects.add(new Effect.Tell(to, message));
    }
  }

  /** Each of these members its own share: all shares to all would be n times n. */
  void tellPlan(List<WorkerId> to, StepPlan plan) {
    Set<WorkerId> told = Set.copyOf(to);
    for (WorkerShare share : plan.shares()) {
      if (told.contains(share.worker())) {
        tell(List.of(share.worker()), new StepPlan(plan.key(), List.of(share), plan.previous()));
      }
    }
  }

  void report(TrainingEvent event) {
    effects.add(new Effect.Report(event));
  }

  void fail(String reason) {
    phase = Phase.ENDED;
    effects.add(new Effect.Fail(reason));
  }

  void startOver(String reason) {
    phase = Phase.ENDED;
    effects.add(new Effect.StartOver(reason));
  }

  /** Counts a failure; true if there were too many since the last commit. */
  boolean countFailure() {
    failures++;
    return failures > limits().maxFailures();
  }

  List<WorkerId> workers() {
    return peers.values().stream().filter(Peer::mayCompute).map(Peer::worker).toList();
  }

  void put(Peer peer) {
    peers = peers.plus(peer.worker(), peer);
  }

  Stream<Peer> level() {
    return peers.values().stream().filter(Peer::isLevel);
  }

  void abort(StepInProgress attempt, String reason) {
    List<WorkerId> told =
        Stream.concat(
                attempt.plan().members().stream(),
                attempt.reduce().stream()
                    .flatMap(r -> Stream.concat(r.participants().stream(), r.observers().stream()))
                    .map(m -> m.worker()))
            .distinct()
            .filter(peers::containsKey)
            .toList();
    tell(told, new Abort(attempt.key(), reason));
    report(new TrainingEvent.StepAborted(attempt.key(), reason));
  }

  /** Goes on between steps, or within one that was interrupted. */
  void proceed() {
    dismissLeaving();
    if (current.isEmpty() && (wishes.stop() || progress.step().value() >= limits().steps())) {
      finish();
    } else if (!wishes.mayGoOn() || workers().size() < limits().minWorkers()) {
      pause();
    } else {
      new SnapshotRules(this).offerToThoseBehind();
      plan();
    }
  }

  private void dismissLeaving() {
    for (Peer peer : List.copyOf(peers.values())) {
      if (peer.leaving()) {
        new MembershipRules(this).dismiss(peer.worker());
      }
    }
  }

  private void pause() {
    if (phase != Phase.PAUSED) {
      times = times.begun();
      report(new TrainingEvent.Paused(workers().size(), limits().minWorkers()));
    }
    phase = Phase.PAUSED;
    new SnapshotRules(this).offerToThoseBehind();
    if (wishes.stop()) {
      finish();
    }
  }

  void finish() {
    phase = Phase.FINISHING;
    progress = progress.with(progress.ledger().releaseAll());
    current = Optional.empty();
    times = times.begun();
    saveCheckpoint();
  }

  /** Has the follower write the state, or a worker where the follower is not level. */
  void saveCheckpoint() {
    Optional<WorkerId> scribe =
        peers.containsKey(WorkerId.FOLLOWER) && peers.get(WorkerId.FOLLOWER).isLevel()
            ? Optional.of(WorkerId.FOLLOWER)
            : level().map(Peer::worker).findFirst();
    wishes = wishes.withCheckpoint(scribe.isEmpty());
    scribe.ifPresent(
        worker ->
            effects.add(
                new Effect.SaveCheckpoint(
                    worker,
                    term(),
                    generation,
                    progress.step(),
                    progress.checksum(),
                    progress.ledger())));
  }

  private void plan() {
    if (current.isPresent()) {
      StepInProgress old = current.get();
      retry(old.deal().among(workers(), generation), old.retried());
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
    SampleTally settled = progress.ledger().settled();
    if (settled.isNearlyAllSkipped()) {
      fail(settled.toString());
      return;
    }
    try {
      send(Deal.next(progress.ledger(), workers(), generation, limits()), attempt, retried);
    } catch (ZeroSamplesException e) {
      fail(e.getMessage());
    }
  }

  /** What each will probably be given in the next steps, the nearest first. */
  private Map<WorkerId, List<SampleRange>> ahead(Deal deal, StepNumber step) {
    long left = limits().steps() - step.value();
    int fitting = Math.min(times.stepsIn(limits().loadAhead()), RunLimits.MOST_STEPS_AHEAD);
    Map<WorkerId, List<SampleRange>> ahead = new HashMap<>();
    Deal guess = deal;
    for (int i = 0; i < Math.min(left, fitting); i++) {
      guess = guess.guessNext(workers(), generation, limits());
      guess
          .byHolder()
          .forEach(
              (member, shares) ->
                  shares.forEach(
                      share ->
                          ahead
                              .computeIfAbsent(member, m -> new ArrayList<>())
                              .add(share.range())));
    }
    return ahead;
  }

  private void send(Deal deal, Attempt attempt, Set<SampleRange> retried) {
    StepKey key = new StepKey(term(), generation, progress.step().next(), attempt);
    history = Optional.empty();
    phase = Phase.COMPUTING;
    times = times.begun();
    progress = progress.with(deal.ledger());
    Map<WorkerId, List<MicroBatchShare>> dealt = deal.byHolder();
    Map<WorkerId, List<SampleRange>> ahead = ahead(deal, key.step());
    List<WorkerShare> shares = new ArrayList<>();
    for (WorkerId member : workers()) {
      shares.add(
          new WorkerShare(
              member,
              dealt.getOrDefault(member, List.of()),
              ahead.getOrDefault(member, List.of())));
    }
    StepPlan plan = new StepPlan(key, shares, progress.last());
    current = Optional.of(StepInProgress.of(plan, deal, retried));
    tellPlan(plan.members(), plan);
  }

  /** Names and reasons, for a sentence. */
  static String join(Stream<WorkerId> workers) {
    return workers.map(WorkerId::value).collect(Collectors.joining(", ", "[", "]"));
  }
}
