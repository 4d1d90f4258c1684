package io.rglcd.cluster.simulation;

import io.rglcd.cluster.protocol.Abort;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepPlan;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.state.WorkerEvent;

/** What the actor does: a message as an event. */
final class WorkerEvents {

  private WorkerEvents() {}

  static WorkerEvent of(WorkerMessage message) {
    if (message instanceof WorkerMessage.Hello hello) {
      return new WorkerEvent.Greeted(hello);
    } else if (message instanceof StepPlan plan) {
      return new WorkerEvent.Planned(plan);
    } else if (message instanceof Reduce reduce) {
      return new WorkerEvent.ReduceOrdered(reduce);
    } else if (message instanceof Commit commit) {
      return new WorkerEvent.Committed(commit);
    } else if (message instanceof Abort abort) {
      return new WorkerEvent.Aborted(abort);
    } else if (message instanceof WorkerMessage.OfferSnapshot offer) {
      return new WorkerEvent.SnapshotWanted(offer);
    } else if (message instanceof WorkerMessage.Follow follow) {
      return new WorkerEvent.FollowWanted(follow);
    } else if (message instanceof WorkerMessage.FetchSnapshot fetch) {
      return new WorkerEvent.SnapshotGiven(fetch);
    } else if (message instanceof WorkerMessage.SaveCheckpoint save) {
      return new WorkerEvent.CheckpointWanted(save);
    }
    throw new IllegalArgumentException("message: " + message);
  }
}
