package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.ReduceFailed;
import io.rglcd.cluster.protocol.CoordinatorMessage.Restored;
import io.rglcd.cluster.protocol.CoordinatorMessage.SnapshotFailed;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerShare;
import io.rglcd.data.SampleRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A replica's state under change, and its rules. */
final class WorkerDecision implements WorkerEvent.Rules {

  private final WorkerId id;
  private final List<WorkerEffect> effects = new ArrayList<>();
  private final Map<SampleRange, MicroBatchResult> results;
  private Term term;
  private StepNumber step;
  private long checksum;
  private Optional<StepPlan> plan;
  private Optional<Reduce> reducing;
  private Optional<Prepared> prepared;
  private Optional<Commit> pending;
  private Optional<CatchUp> catchUp;
  private Optional<StepKey> newest;
  private boolean level;

  WorkerDecision(WorkerState state) {
    this.id = state.id();
    this.results = new HashMap<>(state.results());
    this.term = state.term();
    this.step = state.step();
    this.checksum = state.checksum();
    this.plan = state.plan();
    this.reducing = state.reducing();
    this.prepared = state.prepared();
    this.pending = state.pending();
    this.catchUp = state.catchUp();
    this.newest = state.newest();
    this.level = state.level();
  }

  private WorkerState state() {
    return new WorkerState(
        id, term, step, checksum, plan, results, reducing, prepared, pending, catchUp, newest,
        level);
  }

  WorkerTransition done() {
    return new WorkerTransition(state(), effects);
  }

  /** Whether a coordinator's word counts; a newer one's term is noted. */
  private boolean obey(Term other) {
    if (other.value() < term.value()) {
      return false;
    }
    if (other.value() > term.value()) {
      term = other;
      level = false;
      giveUpCatchingUp();
    }
    return true;
  }

  private void register() {
    effects.add(new WorkerEffect.Register(state().holding()));
  }

  private boolean isNext(StepKey key) {
    return key.step().equals(step.next());
  }

  private boolean isFurther(StepKey key) {
    return key.step().value() > step.value() + 1;
  }

  private boolean isOlder(StepKey key) {
    return newest.map(key::isOlderThan).orElse(false);
  }

  @Override
  public void greeted(WorkerEvent.Greeted event) {
    if (obey(event.message().term())) {
      register();
    }
  }

  @Override
  public void planned(WorkerEvent.Planned event) {
    StepPlan given = event.plan();
    if (!obey(given.key().term())) {
      return;
    }
    given.previous().ifPresent(this::commit);
    if (!isNext(given.key())) {
      if (catchUp.isEmpty() && isFurther(given.key()) && reducing.isEmpty()) {
        register();
      }
      return;
    }
    Optional<WorkerShare> share = given.share(id);
    if (isOlder(given.key()) || share.isEmpty()) {
      return;
    }
    giveUpCatchingUp();
    level = true;
    newest = Optional.of(given.key());
    boolean again = plan.map(p -> p.key().equals(given.key())).orElse(false);
    plan = Optional.of(given);
    if (!again) {
      begin(share.get());
    }
    effects.add(new WorkerEffect.Work(share.get()));
    deliverIfComplete();
  }

  /** A new attempt: gradients that are finite and still wanted are kept, all else is dropped. */
  private void begin(WorkerShare share) {
    cancelReduction();
    prepared = Optional.empty();
    pending = Optional.empty();
    Set<SampleRange> wanted =
        share.microBatches().stream().map(MicroBatchShare::range).collect(Collectors.toSet());
    drop(
        results.entrySet().stream()
            .filter(e -> !wanted.contains(e.getKey()) || !e.getValue().losses().finite())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()));
  }

  private void drop(Set<SampleRange> ranges) {
    if (!ranges.isEmpty()) {
      results.keySet().removeAll(ranges);
      effects.add(new WorkerEffect.Drop(ranges));
    }
  }

  private void deliverIfComplete() {
    if (plan.isPresent() && state().missing().isEmpty()) {
      List<MicroBatchResult> all = new ArrayList<>();
      for (MicroBatchShare share : plan.get().share(id).orElseThrow().microBatches()) {
        MicroBatchResult result = results.get(share.range());
        all.add(new MicroBatchResult(share, result.losses(), result.unreadable()));
      }
      effects.add(new WorkerEffect.Deliver(plan.get().key(), all));
    }
  }

  @Override
  public void computed(WorkerEvent.Computed event) {
    results.put(event.result().share().range(), event.result());
    deliverIfComplete();
  }

  @Override
  public void reduceOrdered(WorkerEvent.ReduceOrdered event) {
    Reduce order = event.order();
    StepKey key = order.key();
    if (!obey(key.term())) {
      return;
    }
    boolean wanted = catchUp.map(c -> c.wants(key)).orElse(isNext(key));
    if (!wanted) {
      if (catchUp.isEmpty() && isFurther(key) && reducing.isEmpty()) {
        register();
      }
      return;
    }
    boolean known = reducing.map(r -> r.key().equals(key)).orElse(false);
    Optional<Prepared> there = prepared.filter(p -> p.key().equals(key));
    if (there.isPresent()) {
      effects.add(new WorkerEffect.Tell(new MeanReady(key, id, there.get().checksum(), 0)));
    } else if (!isOlder(key) && !known) {
      newest = Optional.of(key);
      level = level || catchUp.isEmpty();
      cancelReduction();
      prepared = Optional.empty();
      pending = Optional.empty();
      reducing = Optional.of(order);
      effects.add(new WorkerEffect.BeginReduce(order));
    }
  }

  private void cancelReduction() {
    reducing.ifPresent(order -> effects.add(new WorkerEffect.CancelReduce(order.key())));
    reducing = Optional.empty();
  }

  @Override
  public void reduced(WorkerEvent.Reduced event) {
    if (reducing.map(r -> r.key().equals(event.key())).orElse(false)) {
      effects.add(
          catchUp.isPresent()
              ? new WorkerEffect.KeepAside(event.key())
              : new WorkerEffect.Gather(event.key()));
    }
  }

  @Override
  public void gathered(WorkerEvent.Gathered event) {
    if (reducing.map(r -> !r.key().equals(event.mean().key())).orElse(true)) {
      return;
    }
    reducing = Optional.empty();
    if (catchUp.isPresent()) {
      catchUp = catchUp.map(c -> c.with(event.mean()));
    } else {
      prepared = Optional.of(event.mean());
    }
    Optional<Commit> waiting = pending;
    pending = Optional.empty();
    waiting.ifPresent(this::commit);
  }

  @Override
  public void reductionBroke(WorkerEvent.ReductionBroke event) {
    if (reducing.map(r -> r.key().equals(event.key())).orElse(false)) {
      reducing = Optional.empty();
      effects.add(new WorkerEffect.Tell(new ReduceFailed(event.key(), id, event.reason())));
      if (pending.isPresent()) {
        pending = Optional.empty();
        giveUpCatchingUp();
        register();
      }
    }
  }

  @Override
  public void committed(WorkerEvent.Committed event) {
    commit(event.commit());
  }

  /** A commit is a fact, whoever tells it; only exactly what was prepared for it is applied. */
  private void commit(Commit commit) {
    StepKey key = commit.key();
    if (reducing.map(r -> r.key().equals(key)).orElse(false)) {
      pending = Optional.of(commit);
    } else if (catchUp.isPresent()) {
      commitWhileCatchingUp(commit);
    } else if (isNext(key) && prepared.equals(Optional.of(new Prepared(key, commit.checksum())))) {
      apply(commit);
    } else if (key.step().value() > step.value() && key.term().value() >= term.value()) {
      register();
    }
  }

  private void apply(Commit commit) {
    effects.add(new WorkerEffect.Apply(commit));
    arriveAt(commit.key().step(), commit.checksum());
  }

  private void arriveAt(StepNumber now, long last) {
    step = now;
    checksum = last;
    plan = Optional.empty();
    prepared = Optional.empty();
    drop(new HashSet<>(results.keySet()));
    if (reducing.map(r -> r.key().step().compareTo(now) <= 0).orElse(false)) {
      cancelReduction();
    }
  }

  private void commitWhileCatchingUp(Commit commit) {
    CatchUp now = catchUp.orElseThrow();
    if (now.hasSeen(commit)) {
      return;
    }
    Optional<CatchUp> more = now.with(commit);
    if (more.isPresent()) {
      catchUp = more;
    } else {
      giveUpCatchingUp();
      register();
    }
  }

  private void giveUpCatchingUp() {
    if (catchUp.isPresent()) {
      catchUp = Optional.empty();
      cancelReduction();
      effects.add(new WorkerEffect.DropKept());
    }
  }

  @Override
  public void aborted(WorkerEvent.Aborted event) {
    StepKey key = event.abort().key();
    if (reducing.map(r -> r.key().equals(key)).orElse(false)) {
      cancelReduction();
      pending = Optional.empty();
    }
    if (plan.map(p -> p.key().equals(key)).orElse(false)) {
      plan = Optional.empty();
    }
  }

  @Override
  public void snapshotWanted(WorkerEvent.SnapshotWanted event) {
    if (!obey(event.message().term())) {
      return;
    }
    StepNumber wanted = event.message().step();
    if (wanted.equals(step) && catchUp.isEmpty()) {
      effects.add(new WorkerEffect.OfferSnapshot(wanted, event.message().keepFrom()));
    } else {
      effects.add(
          new WorkerEffect.Tell(new SnapshotFailed(id, wanted, id + " holds step " + step)));
    }
  }

  @Override
  public void followWanted(WorkerEvent.FollowWanted event) {
    StepNumber from = event.message().step();
    if (!obey(event.message().term()) || isFollowing(from)) {
      return;
    }
    prepared
        .filter(p -> isNext(p.key()) && from.equals(step.next()))
        .filter(p -> p.checksum() == event.message().checksum())
        .ifPresent(p -> apply(new Commit(p.key(), p.checksum(), false)));
    if (level && from.compareTo(step) <= 0) {
      effects.add(new WorkerEffect.Tell(new Restored(id, state().holding())));
      return;
    }
    giveUpCatchingUp();
    cancelReduction();
    plan = Optional.empty();
    prepared = Optional.empty();
    pending = Optional.empty();
    drop(new HashSet<>(results.keySet()));
    catchUp = Optional.of(CatchUp.from(from, event.message().checksum()));
  }

  private boolean isFollowing(StepNumber from) {
    return catchUp.map(c -> c.from().equals(from)).orElse(false);
  }

  @Override
  public void snapshotGiven(WorkerEvent.SnapshotGiven event) {
    if (obey(event.message().term())
        && isFollowing(event.message().step())
        && !catchUp.orElseThrow().fetching()) {
      catchUp = catchUp.map(CatchUp::asFetching);
      step = StepNumber.NONE;
      checksum = 0;
      level = false;
      effects.add(new WorkerEffect.Fetch(event.message()));
    }
  }

  @Override
  public void fetched(WorkerEvent.Fetched event) {
    Optional<CatchUp> ours = catchUp.filter(c -> c.fetching() && c.from().equals(event.step()));
    if (ours.isEmpty()) {
      return;
    }
    CatchUp arrived = ours.get();
    catchUp = Optional.empty();
    level = true;
    effects.add(new WorkerEffect.Restore(arrived.from()));
    arriveAt(arrived.from(), arrived.checksum());
    for (Prepared mean : arrived.toApply()) {
      effects.add(new WorkerEffect.ApplyKept(mean));
      arriveAt(mean.key().step(), mean.checksum());
    }
    prepared = arrived.last();
    prepared.ifPresent(mean -> effects.add(new WorkerEffect.UseKept(mean)));
    effects.add(new WorkerEffect.DropKept());
    effects.add(new WorkerEffect.Tell(new Restored(id, state().holding())));
  }

  @Override
  public void fetchFailed(WorkerEvent.FetchFailed event) {
    if (isFollowing(event.step())) {
      giveUpCatchingUp();
      pending = Optional.empty();
      effects.add(new WorkerEffect.Tell(new SnapshotFailed(id, event.step(), event.reason())));
    }
  }

  @Override
  public void checkpointWanted(WorkerEvent.CheckpointWanted event) {
    if (obey(event.message().term()) && event.message().step().equals(step) && catchUp.isEmpty()) {
      effects.add(new WorkerEffect.SaveCheckpoint(step, event.message().runJson()));
    }
  }
}
