package io.rglcd.cluster.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import io.rglcd.cluster.protocol.CoordinatorCommand;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Lets a coordinator begin only where its side has the mandate to: to claim a term is to end
 * another's, and a node that is cut off must not do so.
 */
final class QuorumGate {

  private record Look() implements CoordinatorCommand {}

  private static final Duration EACH = Duration.ofMillis(200);

  private QuorumGate() {}

  /**
   * Waits for the mandate, then becomes the coordinator.
   *
   * @param node of a cluster
   */
  static Behavior<CoordinatorCommand> before(
      NodeContext node, Supplier<Behavior<CoordinatorCommand>> coordinator) {
    return Behaviors.setup(
        context -> {
          Reachability view = new Reachability(context.getSystem(), node.downing().orElseThrow());
          return Behaviors.withTimers(
              timers -> {
                timers.startTimerWithFixedDelay(new Look(), Duration.ZERO, EACH);
                return Behaviors.receive(CoordinatorCommand.class)
                    .onMessage(
                        Look.class,
                        look -> {
                          view.refresh();
                          if (!view.mayBegin()) {
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
