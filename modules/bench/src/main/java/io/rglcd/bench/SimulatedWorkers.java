package io.rglcd.bench;

import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.MicroBatchResult;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatchLosses;
import java.util.List;
import java.util.Optional;

/** Workers without tensors: they answer at once what a worker would answer after its work. */
final class SimulatedWorkers {

  private SimulatedWorkers() {}

  /** What a worker says to a message; nothing where it has nothing to say. */
  static Optional<CoordinatorMessage> answer(WorkerId worker, WorkerMessage message) {
    if (message instanceof StepPlan plan) {
      return plan.share(worker).map(share -> gradients(worker, plan, share.microBatches().size()));
    }
    if (message instanceof Reduce reduce) {
      long checksum = reduce.key().step().value();
      return Optional.of(new CoordinatorMessage.MeanReady(reduce.key(), worker, checksum, 0.01));
    }
    if (message instanceof Commit commit) {
      long step = commit.key().step().value();
      return Optional.of(
          new CoordinatorMessage.Applied(
              worker,
              new CommitResult(step, 1, 1e-4),
              commit.checksum(),
              commit.digest() ? "digest of " + step : "",
              0.01));
    }
    return Optional.empty();
  }

  private static CoordinatorMessage gradients(WorkerId worker, StepPlan plan, int microBatches) {
    List<MicroBatchResult> results =
        plan.share(worker).orElseThrow().microBatches().stream()
            .map(
                share ->
                    new MicroBatchResult(
                        share,
                        new MicroBatchLosses(share.range().count(), 0.5, 0.2, 0.3, true),
                        List.of()))
            .toList();
    return new CoordinatorMessage.GradientsReady(plan.key(), worker, results, 0.01, microBatches);
  }
}
