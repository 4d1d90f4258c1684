package io.rglcd.cluster.protocol;

import akka.actor.typed.ActorRef;

/** What the checkpoint writer is told. */
public sealed interface CheckpointMessage extends ClusterMessage {

  /**
   * Complete a checkpoint whose state is written, and make it durable and visible at once.
   *
   * @param step of the state
   * @param directory holding the state under a temporary name
   * @param runJson term, generation, identity and ledger of the run at that step
   * @param replyTo who is told
   */
  record Publish(
      StepNumber step, String directory, String runJson, ActorRef<CoordinatorMessage> replyTo)
      implements CheckpointMessage {}
}
