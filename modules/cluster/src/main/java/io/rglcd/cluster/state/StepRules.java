package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage.Applied;
import io.rglcd.cluster.protocol.CoordinatorMessage.GradientsReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.ReduceFailed;
import io.rglcd.cluster.protocol.CoordinatorMessage.Restored;
import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Holding;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.SkippedRange;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleLedger;
import io.rglcd.data.SampleRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compute, reduce, commit. */
final class StepRules {

  /** The reason in the ledger. */
  static final String NON_FINITE = "non-finite loss";

  private final Decision next;

  StepRules(Decision next) {
    this.next = next;
  }

  void gradients(GradientsReady answer) {
    if (!isCurrent(Phase.COMPUTING, answer.key())
        || !next.peers.containsKey(answer.worker())
        || !next.current.orElseThrow().plan().members().contains(answer.worker())) {
      return;
    }
    StepInProgress step = next.current.orElseThrow().with(answer);
    next.current = Optional.of(step);
    if (!step.isComputed() || step.gradients().size() < next.limits().minWorkers()) {
      return;
    }
    next.times = next.times.computed();
    List<SampleRange> bad = step.nonFinite();
    if (!bad.isEmpty()) {
      nonFinite(step, bad);
    } else if (step.samples() == 0) {
      nothingReadable(step);
    } else {
      reduce(step);
    }
  }

  /** All who are level must hold the mean, but those who still compute; these may. */
  private void reduce(StepInProgress step) {
    Predicate<Peer> takesPart =
        peer ->
            peer.isLevel()
                && (step.gradients().containsKey(peer.worker())
                    || !step.plan().members().contains(peer.worker()));
    List<Member> participants = seats(takesPart);
    List<Member> observers =
        seats(takesPart.negate().and(peer -> peer.standing() != Standing.BEHIND));
    List<WorkerId> owners =
        participants.stream()
            .map(Member::worker)
            .filter(worker -> next.peers.get(worker).computes())
            .toList();
    Reduce order =
        new Reduce(
            step.key(),
            step.weights(),
            Deal.slices(owners, next.parameters),
            participants,
            observers);
    next.phase = Phase.REDUCING;
    next.times = next.times.begun();
    next.current = Optional.of(step.reducing(order));
    next.tell(
        Stream.concat(participants.stream(), observers.stream()).map(Member::worker).toList(),
        order);
  }

  private List<Member> seats(Predicate<Peer> which) {
    return next.peers.values().stream().filter(which).map(Peer::seat).toList();
  }

  private void nonFinite(StepInProgress step, List<SampleRange> bad) {
    next.abort(step, NON_FINITE + " in " + bad);
    if (next.countFailure()) {
      next.fail(
          step.key()
              + ": loss or gradient not finite in "
              + next.failures
              + " attempts without a commit (expected: at most "
              + next.limits().maxFailures()
              + "; try a lower learning rate)");
      return;
    }
    Set<SampleRange> retried = new HashSet<>(step.retried());
    if (retried.addAll(bad)) {
      next.retry(step.deal(), retried);
      return;
    }
    List<SampleRange> others = new ArrayList<>(step.deal().ranges());
    others.removeAll(bad);
    skip(bad, NON_FINITE, ledger -> ledger.release(others));
    next.report(new TrainingEvent.SamplesSkipped(step.key().step().value(), bad, NON_FINITE));
    next.planAnew(step.key().attempt().next(), retried);
  }

  private void skip(
      List<SampleRange> ranges,
      String reason,
      java.util.function.UnaryOperator<SampleLedger> andThen) {
    List<SkippedRange> skipped = new ArrayList<>(next.progress.skipped());
    ranges.forEach(range -> skipped.add(new SkippedRange(range, reason)));
    SampleLedger ledger = next.progress.ledger().skip(ranges, reason);
    next.progress = next.progress.withSkipped(andThen.apply(ledger), skipped);
  }

  private void nothingReadable(StepInProgress step) {
    next.abort(step, "no readable sample in " + step.deal().ranges());
    for (UnreadableSample sample : step.unreadable()) {
      SampleRange one = new SampleRange(step.deal().ranges().get(0).epoch(), sample.position(), 1);
      skip(List.of(one), sample.reason(), ledger -> ledger);
    }
    reportSettled(step);
    next.planAnew(step.key().attempt().next(), step.retried());
  }

  /** Tells of samples that are settled now, and of their epoch if they were its last. */
  private void reportSettled(StepInProgress step) {
    long epoch = step.deal().ranges().get(0).epoch();
    Map<String, List<SampleRange>> byReason = new TreeMap<>();
    for (UnreadableSample sample : step.unreadable()) {
      byReason
          .computeIfAbsent(sample.reason(), reason -> new ArrayList<>())
          .add(new SampleRange(epoch, sample.position(), 1));
    }
    byReason.forEach(
        (reason, samples) ->
            next.report(
                new TrainingEvent.SamplesSkipped(step.key().step().value(), samples, reason)));
    SampleLedger ledger = next.progress.ledger();
    if (ledger.isEpochComplete()) {
      next.report(new TrainingEvent.EpochCompleted(epoch, ledger.settledInEpoch()));
    }
  }

  void mean(MeanReady answer) {
    if (!isCurrent(Phase.REDUCING, answer.key())) {
      return;
    }
    StepInProgress step = next.current.orElseThrow().with(answer);
    next.current = Optional.of(step);
    if (!step.isReduced()) {
      return;
    }
    if (!step.checksumsAgree()) {
      again(step, "checksums of the mean gradient differ");
    } else if (contributors(step) < next.limits().minWorkers()) {
      again(step, "fewer than " + next.limits().minWorkers() + " workers have answered");
    } else {
      next.phase = Phase.COMMITTING;
      next.effect(
          new Effect.Append(
              new HistoryRecord.Committed(
                  step.key(),
                  step.deal().ranges(),
                  step.unreadable(),
                  next.progress.skipped(),
                  step.checksum(),
                  step.samples(),
                  step.mean(r -> r.losses().loss()))));
    }
  }

  private static long contributors(StepInProgress step) {
    return step.reduce().orElseThrow().participants().stream()
        .filter(member -> step.gradients().containsKey(member.worker()))
        .count();
  }

  void reductionFailed(ReduceFailed message) {
    if (isCurrent(Phase.REDUCING, message.key())
        && next.current.orElseThrow().isReducedBy(message.worker())) {
      again(next.current.orElseThrow(), message.worker() + ": " + message.reason());
    }
  }

  /** The same micro-batches once more; those who have their gradients keep them. */
  private void again(StepInProgress step, String reason) {
    next.abort(step, reason);
    if (next.countFailure()) {
      next.fail(step.key() + ": " + reason + " (" + next.failures + " failures without a commit)");
    } else {
      next.proceed();
    }
  }

  void appended(HistoryRecord record) {
    if (next.phase != Phase.COMMITTING) {
      return;
    }
    if (record instanceof HistoryRecord.Rewound rewound) {
      new Recovery(next).rewound(rewound);
    } else if (next.current.isPresent()) {
      commit(next.current.get());
    }
  }

  private void commit(StepInProgress step) {
    Map<Long, String> unreadable =
        step.unreadable().stream()
            .collect(Collectors.toMap(UnreadableSample::position, UnreadableSample::reason));
    StepNumber now = step.key().step();
    boolean last = now.value() >= next.limits().steps();
    Commit commit =
        new Commit(step.key(), step.checksum(), last || next.limits().digestAt(now.value()));
    next.progress =
        new Progress(
            now,
            step.checksum(),
            Optional.of(commit),
            next.progress.ledger().commit(step.deal().ranges(), unreadable, now.value()),
            List.of());
    Reduce order = step.reduce().orElseThrow();
    next.tell(
        Stream.concat(order.participants().stream(), order.observers().stream())
            .map(Member::worker)
            .filter(next.peers::containsKey)
            .toList(),
        commit);
    List.copyOf(next.peers.values()).forEach(peer -> settle(peer, step));
    reportSettled(step);
    next.awaited =
        Optional.of(new CommittedStep(step, (next.times.now() - next.times.commit()) / 1e9));
    next.times = next.times.committed();
    next.current = Optional.empty();
    next.failures = 0;
    boolean ending = last || next.wishes.stop();
    if (!ending && (next.limits().checkpointAt(now.value()) || next.wishes.checkpoint())) {
      next.saveCheckpoint();
    }
    next.proceed();
  }

  /** Who holds the mean is level; who was level and does not is behind. */
  private void settle(Peer peer, StepInProgress step) {
    MeanReady mean = step.means().get(peer.worker());
    boolean holds = mean != null && mean.checksum() == step.checksum();
    if (peer.isLevel() && !holds) {
      next.put(peer.as(Standing.BEHIND));
    } else if (holds && !peer.isLevel()) {
      new MembershipRules(next).becomeLevel(peer);
    }
  }

  void applied(Applied answer) {
    long step = answer.result().step();
    if (!answer.digest().isEmpty() && !isSameAsOthers(answer)) {
      return;
    }
    boolean first = next.awaited.map(c -> c.step().key().step().value() == step).orElse(false);
    if (first) {
      next.report(next.awaited.orElseThrow().event(answer));
      next.awaited = Optional.empty();
    }
    new MembershipRules(next)
        .restored(
            new Restored(answer.worker(), Holding.of(new StepNumber(step), answer.checksum())));
  }

  private boolean isSameAsOthers(Applied answer) {
    long step = answer.result().step();
    Optional<StateDigest> known = next.digest.filter(d -> d.step() >= step);
    if (known.isEmpty()) {
      next.digest = Optional.of(new StateDigest(step, answer.digest()));
    } else if (known.get().step() == step && !known.get().value().equals(answer.digest())) {
      next.fail(
          "step "
              + step
              + ": replica of "
              + answer.worker()
              + " differs from the others ("
              + answer.digest()
              + ", expected: "
              + known.get().value()
              + ")");
      return false;
    }
    return true;
  }

  private boolean isCurrent(Phase phase, StepKey key) {
    return next.phase == phase && next.current.map(step -> step.key().equals(key)).orElse(false);
  }
}
