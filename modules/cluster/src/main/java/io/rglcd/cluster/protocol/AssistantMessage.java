package io.rglcd.cluster.protocol;

import akka.actor.typed.ActorRef;

/**
 * What a node is told that is no part of the protocol's state, such as a loader or a server: that
 * it belongs to the run, and when the run is over.
 */
public sealed interface AssistantMessage extends ClusterMessage, AssistantCommand {

  /**
   * A coordinator wants to know the node's configuration; to be answered by {@link
   * CoordinatorMessage.RegisterAssistant}.
   *
   * @param term of the coordinator
   * @param coordinator where it is
   */
  record Greeting(Term term, ActorRef<CoordinatorMessage> coordinator)
      implements AssistantMessage {}

  /**
   * The node is part of the run.
   *
   * @param term of the coordinator
   */
  record Welcome(Term term) implements AssistantMessage {}

  /**
   * The node is not part of the run and may end.
   *
   * @param term of the coordinator
   * @param refusal why it never was, in one sentence; empty at the end of the run
   */
  record Dismissed(Term term, String refusal) implements AssistantMessage {}
}
