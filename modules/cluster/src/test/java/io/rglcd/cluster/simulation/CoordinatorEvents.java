package io.rglcd.cluster.simulation;

import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.state.CoordinatorEvent;

/** What the actor does: a message as an event. */
final class CoordinatorEvents {

  private CoordinatorEvents() {}

  static CoordinatorEvent of(CoordinatorMessage message) {
    if (message instanceof CoordinatorMessage.Register m) {
      return new CoordinatorEvent.Registered(
          m.worker(), m.endpoint(), m.computes(), m.holding(), m.parameters());
    } else if (message instanceof CoordinatorMessage.GradientsReady m) {
      return new CoordinatorEvent.Gradients(m);
    } else if (message instanceof CoordinatorMessage.MeanReady m) {
      return new CoordinatorEvent.Mean(m);
    } else if (message instanceof CoordinatorMessage.ReduceFailed m) {
      return new CoordinatorEvent.ReductionFailed(m);
    } else if (message instanceof CoordinatorMessage.Applied m) {
      return new CoordinatorEvent.CommitApplied(m);
    } else if (message instanceof CoordinatorMessage.SnapshotOffered m) {
      return new CoordinatorEvent.SnapshotOffered(m);
    } else if (message instanceof CoordinatorMessage.SnapshotFailed m) {
      return new CoordinatorEvent.SnapshotFailed(m);
    } else if (message instanceof CoordinatorMessage.Restored m) {
      return new CoordinatorEvent.Restored(m);
    } else if (message instanceof CoordinatorMessage.CheckpointWritten m) {
      return new CoordinatorEvent.CheckpointWritten(m);
    }
    throw new IllegalArgumentException("message: " + message);
  }
}
