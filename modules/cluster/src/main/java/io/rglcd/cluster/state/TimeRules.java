package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the passing of time leads to: messages told again, stragglers, silence. */
final class TimeRules {

  private final Decision next;

  TimeRules(Decision next) {
    this.next = next;
  }

  void ticked() {
    if (next.phase == Phase.RECOVERING) {
      recover();
    } else if (next.current.isPresent() && next.phase == Phase.COMPUTING) {
      computing(next.current.get());
    } else if (next.current.isPresent() && next.phase == Phase.REDUCING) {
      reducing(next.current.get());
    } else if (next.phase == Phase.PAUSED || next.phase == Phase.FINISHING) {
      idle();
    }
  }

  private void recover() {
    if (next.peers.isEmpty()) {
      next.times = next.times.begun();
    } else if (hasPassed(next.times.attempt(), next.limits().patience().recover()) && mayBegin()) {
      new Recovery(next).patienceEnds();
    }
  }

  /** A run that has never begun waits for as many workers as it needs. */
  private boolean mayBegin() {
    return next.progress.step().value() > 0
        || next.peers.values().stream().filter(Peer::computes).count()
            >= next.limits().minWorkers();
  }

  private void computing(StepInProgress step) {
    List<WorkerId> silent =
        step.plan().members().stream().filter(m -> !step.gradients().containsKey(m)).toList();
    if (gaveUp(silent)) {
      return;
    }
    if (!step.extended() && next.times.isLate(next.limits().patience())) {
      extend(step);
    }
    if (isTimeToRepeat()) {
      next.tellPlan(silent, next.current.orElseThrow().plan());
    }
  }

  private void reducing(StepInProgress step) {
    List<WorkerId> silent =
        step.reduce().orElseThrow().participants().stream()
            .map(member -> member.worker())
            .filter(worker -> !step.means().containsKey(worker))
            .toList();
    if (!gaveUp(silent) && isTimeToRepeat()) {
      next.tell(silent, step.reduce().orElseThrow());
    }
  }

  private boolean gaveUp(List<WorkerId> silent) {
    Duration limit = next.limits().patience().step();
    if (!hasPassed(next.times.attempt(), limit)) {
      return false;
    }
    String reason = "no answer within " + limit;
    if (silent.containsAll(next.workers())) {
      next.fail(
          next.current.orElseThrow().key()
              + ": no answer from "
              + Decision.join(silent.stream())
              + " within "
              + limit);
    } else {
      new MembershipRules(next).giveUp(silent, reason);
    }
    return true;
  }

  /** Deals what is late to those who have answered, in turn; the first answer counts. */
  private void extend(StepInProgress step) {
    List<WorkerId> ready = List.copyOf(step.gradients().keySet());
    if (ready.isEmpty()) {
      return;
    }
    Map<WorkerId, List<MicroBatchShare>> more = new HashMap<>();
    int turn = 0;
    for (MicroBatchShare share : step.deal().holders().keySet()) {
      if (!step.results().containsKey(share.index())) {
        more.computeIfAbsent(ready.get(turn++ % ready.size()), w -> new ArrayList<>()).add(share);
      }
    }
    List<WorkerShare> shares = new ArrayList<>();
    for (WorkerShare share : step.plan().shares()) {
      List<MicroBatchShare> all = new ArrayList<>(share.microBatches());
      all.addAll(more.getOrDefault(share.worker(), List.of()));
      shares.add(new WorkerShare(share.worker(), all, share.prefetch()));
    }
    StepPlan wider = new StepPlan(step.key(), shares, step.plan().previous());
    next.current = java.util.Optional.of(step.extendedBy(wider));
    next.tellPlan(List.copyOf(more.keySet()), wider);
  }

  /** Nobody computes: those who have missed the last commit are told, a checkpoint is asked for. */
  private void idle() {
    if (next.level().findAny().isEmpty()
        && hasPassed(next.times.attempt(), next.limits().patience().recover())) {
      next.startOver("no replica holds step " + next.progress.step());
      return;
    }
    if (!isTimeToRepeat()) {
      return;
    }
    next.progress
        .last()
        .ifPresent(last -> next.tell(next.level().map(Peer::worker).toList(), last));
    if (next.phase == Phase.FINISHING || next.wishes.checkpoint()) {
      next.saveCheckpoint();
    }
    if (next.phase == Phase.PAUSED) {
      next.proceed();
    }
  }

  private boolean isTimeToRepeat() {
    boolean now = hasPassed(next.times.sent(), next.limits().patience().resend());
    if (now) {
      next.times = next.times.told();
      new SnapshotRules(next).repeat();
    }
    return now;
  }

  private boolean hasPassed(long since, Duration time) {
    return next.times.now() - since >= time.toNanos();
  }
}
