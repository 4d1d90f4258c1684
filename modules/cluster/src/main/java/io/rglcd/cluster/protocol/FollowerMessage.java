package io.rglcd.cluster.protocol;

/** What the coordinator's own replica is told. */
public sealed interface FollowerMessage extends ClusterMessage, FollowerCommand
    permits Reduce, Commit, FollowerMessage.TakeSnapshot, FollowerMessage.SaveCheckpoint {

  /**
   * Write the state where those who join can read it.
   *
   * @param step that the state is expected to have
   */
  record TakeSnapshot(StepNumber step) implements FollowerMessage {}

  /**
   * Write the state for a checkpoint and hand it to the checkpoint writer.
   *
   * @param step that the state is expected to have
   * @param runJson term, generation, identity and ledger of the run at that step
   */
  record SaveCheckpoint(StepNumber step, String runJson) implements FollowerMessage {}
}
