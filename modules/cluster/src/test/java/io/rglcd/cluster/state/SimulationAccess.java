package io.rglcd.cluster.state;

import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.MicroBatchShare;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.data.SampleRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the simulation looks at, and the planted bugs that change what only this package knows. */
public final class SimulationAccess {

  private SimulationAccess() {}

  /** Who holds what, for a message. */
  public static String describe(CoordinatorState state) {
    return "peers " + state.peers().values() + ", offers " + state.offers();
  }

  /** Samples that the step in progress has dealt. */
  public static long dealt(CoordinatorState state) {
    return state.current().stream()
        .flatMap(step -> step.deal().ranges().stream())
        .mapToLong(SampleRange::count)
        .sum();
  }

  /** Workers that gave gradients to the step in progress. */
  public static long contributors(CoordinatorState state) {
    return state.current().stream().flatMap(s -> s.gradients().keySet().stream()).count();
  }

  /** Who must hold the mean of the step in progress. */
  public static List<Member> participants(CoordinatorState state) {
    return state.current().stream()
        .flatMap(step -> step.reduce().stream())
        .flatMap(reduce -> reduce.participants().stream())
        .toList();
  }

  /** Bug: everybody is said to hold what the first one holds. */
  public static List<MeanReady> meansOfOthers(CoordinatorState state, MeanReady first) {
    return state.current().stream()
        .flatMap(step -> step.reduce().stream())
        .flatMap(reduce -> reduce.participants().stream())
        .map(Member::worker)
        .filter(worker -> !worker.equals(first.worker()))
        .map(worker -> new MeanReady(first.key(), worker, first.checksum(), 0))
        .toList();
  }

  /** Bug: what a lost worker was dealt is neither dealt to others nor given back. */
  public static CoordinatorState withoutLostRanges(CoordinatorState before, CoordinatorState now) {
    if (before.current().isEmpty() || now.current().isEmpty()) {
      return now;
    }
    StepInProgress step = now.current().get();
    Map<MicroBatchShare, WorkerId> left = new LinkedHashMap<>(step.deal().holders());
    before
        .current()
        .get()
        .deal()
        .holders()
        .forEach(
            (share, holder) -> {
              if (!now.peers().containsKey(holder) && left.size() > 1) {
                left.remove(share);
              }
            });
    StepInProgress less =
        new StepInProgress(
            step.plan(),
            new Deal(step.deal().ledger(), left),
            step.gradients(),
            step.results(),
            step.reduce(),
            step.means(),
            step.retried(),
            step.extended());
    return new CoordinatorState(
        now.limits(),
        now.term(),
        now.phase(),
        now.generation(),
        now.history(),
        now.progress(),
        now.peers(),
        Optional.of(less),
        now.offers(),
        now.awaited(),
        now.parameters(),
        now.digest(),
        now.failures(),
        now.wishes(),
        now.times());
  }
}
