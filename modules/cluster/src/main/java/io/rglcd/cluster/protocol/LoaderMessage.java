package io.rglcd.cluster.protocol;

import akka.actor.typed.ActorRef;
import io.rglcd.data.SampleRange;

/** What a node is told that loads samples for workers on other nodes. */
public sealed interface LoaderMessage extends ClusterMessage, LoaderCommand {

  /**
   * A coordinator wants to know with which configuration samples are loaded; to be answered by
   * {@link CoordinatorMessage.RegisterLoader}.
   *
   * @param term of the coordinator
   * @param coordinator where it is
   */
  record Greeting(Term term, ActorRef<CoordinatorMessage> coordinator) implements LoaderMessage {}

  /**
   * The loader is part of the run.
   *
   * @param term of the coordinator
   */
  record Welcome(Term term) implements LoaderMessage {}

  /**
   * The loader is not part of the run and may end.
   *
   * @param term of the coordinator
   * @param refusal why it never was, in one sentence; empty at the end of the run
   */
  record Dismissed(Term term, String refusal) implements LoaderMessage {}

  /**
   * A worker's node needs samples. The coordinator has leased them to the worker: who loads them
   * does not matter.
   *
   * @param range samples of one epoch
   * @param replyTo where to send them
   */
  record Load(SampleRange range, ActorRef<LoaderReply> replyTo) implements LoaderMessage {}
}
