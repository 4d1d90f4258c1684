package io.rglcd.cluster.protocol;

import akka.actor.typed.ActorRef;
import io.rglcd.data.SampleRange;

/** What a node is told that loads samples for workers on other nodes. */
public sealed interface LoaderMessage extends ClusterMessage, AssistantCommand {

  /**
   * A worker's node needs samples. The coordinator has leased them to the worker: who loads them
   * does not matter.
   *
   * @param range samples of one epoch
   * @param replyTo where to send them
   */
  record Load(SampleRange range, ActorRef<LoaderReply> replyTo) implements LoaderMessage {}
}
