package io.rglcd.cluster.state;

import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage.Applied;
import io.rglcd.cluster.protocol.CoordinatorMessage.GradientsReady;
import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.UnreadableSample;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleRange;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compute, reduce, commit. */
final class StepRules {

  /** The reason in the ledger. */
  static final String NON_FINITE = "non-finite loss";

  private final Decision next;

  StepRules(Decision next) {
    this.next = next;
  }

  Transition gradients(GradientsReady answer) {
    if (!isCurrent(Phase.COMPUTING, answer.key()) || !next.members.contains(answer.worker())) {
      return next.done();
    }
    StepInProgress step = next.current.orElseThrow().with(answer);
    next.current = Optional.of(step);
    if (!step.gradients().keySet().containsAll(next.members)) {
      return next.done();
    }
    List<SampleRange> bad = step.nonFinite();
    if (!bad.isEmpty()) {
      return nonFinite(step, bad);
    }
    if (step.samples() == 0) {
      return nothingReadable(step);
    }
    next.phase = Phase.REDUCING;
    next.effect(
        new Effect.SendReduce(
            new Reduce(step.key(), step.weights(), step.slices()), List.copyOf(next.members)));
    return next.done();
  }

  private Transition nonFinite(StepInProgress step, List<SampleRange> bad) {
    next.abort(step, NON_FINITE + " in " + bad);
    if (next.countFailure()) {
      return next.fail(
          step.key()
              + ": loss or gradient not finite in "
              + next.failures
              + " attempts without a commit (expected: at most "
              + next.limits().maxFailures()
              + "; try a lower learning rate)");
    }
    Set<SampleRange> retried = new HashSet<>(step.retried());
    if (retried.addAll(bad)) {
      next.retry(step.deal(), retried);
      return next.done();
    }
    List<SampleRange> others = new java.util.ArrayList<>(step.deal().ranges());
    others.removeAll(bad);
    next.ledger = next.ledger.skip(bad, NON_FINITE).release(others);
    long samples = bad.stream().mapToLong(SampleRange::count).sum();
    next.report(new TrainingEvent.SamplesSkipped(step.key().step().value(), samples, NON_FINITE));
    next.planAnew(step.key().attempt().next(), retried);
    return next.done();
  }

  private Transition nothingReadable(StepInProgress step) {
    next.abort(step, "no readable sample in " + step.deal().ranges());
    for (UnreadableSample sample : step.unreadable()) {
      SampleRange one = new SampleRange(step.deal().ranges().get(0).epoch(), sample.position(), 1);
      next.ledger = next.ledger.skip(List.of(one), sample.reason());
    }
    reportUnreadable(step);
    next.planAnew(step.key().attempt().next(), step.retried());
    return next.done();
  }

  private void reportUnreadable(StepInProgress step) {
    step.unreadable().stream()
        .collect(
            Collectors.groupingBy(UnreadableSample::reason, TreeMap::new, Collectors.counting()))
        .forEach(
            (reason, count) ->
                next.report(
                    new TrainingEvent.SamplesSkipped(step.key().step().value(), count, reason)));
  }

  Transition mean(MeanReady answer) {
    if (!isCurrent(Phase.REDUCING, answer.key())) {
      return next.done();
    }
    StepInProgress step = next.current.orElseThrow().with(answer);
    next.current = Optional.of(step);
    Set<WorkerId> needed = new TreeSet<>(next.members);
    needed.add(WorkerId.FOLLOWER);
    if (!step.means().keySet().containsAll(needed)) {
      return next.done();
    }
    if (!step.checksumsAgree()) {
      String reason = "checksums of the mean gradient differ";
      next.abort(step, reason);
      if (next.countFailure()) {
        return next.fail(step.key() + ": " + reason + " repeatedly");
      }
      next.retry(step.deal(), step.retried());
      return next.done();
    }
    commit(step);
    return next.done();
  }

  private void commit(StepInProgress step) {
    Map<Long, String> unreadable =
        step.unreadable().stream()
            .collect(Collectors.toMap(UnreadableSample::position, UnreadableSample::reason));
    next.step = step.key().step();
    next.ledger = next.ledger.commit(step.deal().ranges(), unreadable, next.step.value());
    boolean last = next.step.value() >= next.limits().steps();
    boolean digest = last || next.limits().digestAt(next.step.value());
    next.effect(new Effect.SendCommit(new Commit(step.key(), digest), List.copyOf(next.members)));
    reportUnreadable(step);
    next.awaited = Optional.of(new CommittedStep(step, (next.now - next.since) / 1e9));
    next.since = next.now;
    next.current = Optional.empty();
    next.failures = 0;
    boolean ending = last || next.stopping;
    if (!ending && next.limits().checkpointAt(next.step.value())) {
      next.saveCheckpoint();
    }
    next.proceed();
  }

  Transition applied(Applied answer) {
    if (!answer.digest().isEmpty()) {
      long step = answer.result().step();
      Optional<StateDigest> known = next.digest.filter(d -> d.step() >= step);
      if (known.isEmpty()) {
        next.digest = Optional.of(new StateDigest(step, answer.digest()));
      } else if (known.get().step() == step && !known.get().value().equals(answer.digest())) {
        return next.fail(
            "step "
                + step
                + ": replica of "
                + answer.worker()
                + " differs from the others ("
                + answer.digest()
                + ", expected: "
                + known.get().value()
                + ")");
      }
    }
    Function<CommittedStep, Boolean> isThis =
        c -> c.step().key().step().value() == answer.result().step();
    if (answer.worker().equals(WorkerId.FOLLOWER) && next.awaited.map(isThis).orElse(false)) {
      next.report(next.awaited.orElseThrow().event(answer));
      next.awaited = Optional.empty();
    }
    return next.done();
  }

  private boolean isCurrent(Phase phase, StepKey key) {
    return next.phase == phase && next.current.map(step -> step.key().equals(key)).orElse(false);
  }
}
