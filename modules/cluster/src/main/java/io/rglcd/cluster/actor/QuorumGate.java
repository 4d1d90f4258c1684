package io.rglcd.cluster.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.rglcd.cluster.protocol.CoordinatorCommand;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lets a coordinator begin only where a quorum of coordinators see each other: to claim a term is
 * to end another's, and a node that is cut off must not do so.
 */
final class QuorumGate {

  private record Look() implements CoordinatorCommand {}

  private static final Duration EACH = Duration.ofMillis(200);

  private QuorumGate() {}

  /**
   * Waits for the quorum, then becomes the coordinator.
   *
   * @param node of a cluster
   */
  static Behavior<CoordinatorCommand> before(
      NodeContext node, Supplier<Behavior<CoordinatorCommand>> coordinator) {
    return Behaviors.setup(
        context -> {
          Reachability view = new Reachability(context.getSystem());
          return Behaviors.withTimers(
              timers -> {
                timers.startTimerWithFixedDelay(new Look(), Duration.ZERO, EACH);
                return Behaviors.receive(CoordinatorCommand.class)
                    .onMessage(
                        Look.class,
                        look -> {
                          view.refresh();
                          if (!view.hasQuorum(node.quorum().orElseThrow())) {
                            return Behaviors.same();
                          }
                          timers.cancelAll();
                          return coordinator.get();
                        })
                    .build();
              });
        });
  }
}
