package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.rglcd.cluster.protocol.AssistantMessage;

/**
 * Attends a run on a node that computes nothing: its HTTP server tells and steers as every node's
 * does, and lives as long as the run.
 */
final class Server {

  private Server() {}

  /**
   * A server's actor.
   *
   * @param dismissed is told when the run is over
   */
  static Behavior<AssistantMessage> create(
      NodeContext node, ActorRef<Attendance.Dismissal> dismissed) {
    return Behaviors.setup(
        context -> {
          Attendance attendance = new Attendance(node, context.getSelf(), dismissed);
          return Behaviors.receiveMessage(
              message -> {
                attendance.receive(message);
                return Behaviors.same();
              });
        });
  }
}
