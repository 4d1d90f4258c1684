package io.rglcd.cluster.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.rglcd.cluster.actor.Reasons;
import io.rglcd.cluster.kubernetes.KubernetesPod;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes what it costs to delete this node's pod: of equally ready pods of a Deployment Kubernetes
 * deletes the cheapest first. The longer a node is a member, the dearer it is among those with its
 * roles, so nodes that are still joining go first and the coordinator that drives, which is the
 * oldest, goes last. Without it the run goes on all the same: a failure is said once, and it is
 * tried again.
 */
final class DeletionCost extends AbstractBehavior<DeletionCost.Command> {

  /** What it handles; stays in the actor. */
  sealed interface Command {}

  private record Look() implements Command {}

  private record Written(int cost, Optional<Throwable> failure) implements Command {}

  static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

  private static final int OLDEST = 10_000;
  private static final int STEP = 100;

  private static final Duration EACH = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final TimerScheduler<Command> timers;
  private final KubernetesPod pod;
  private final Cluster cluster;
  private OptionalInt written = OptionalInt.empty();
  private boolean warned;

  private DeletionCost(
      ActorContext<Command> context, TimerScheduler<Command> timers, KubernetesPod pod) {
    super(context);
    this.timers = timers;
    this.pod = pod;
    this.cluster = Cluster.get(context.getSystem());
    lookAfter(EACH);
  }

  static Behavior<Command> create(KubernetesPod pod) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new DeletionCost(context, timers, pod)));
  }

  /**
   * What a member costs; those that are none yet cost nothing. From the hundredth on all cost the
   * same: an annotation for each that leaves before them would be much for little.
   *
   * @param older members with the same roles that have been there longer
   */
  static int of(int older) {
    return Math.max(STEP, OLDEST - STEP * older);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Look.class, look -> onLook())
        .onMessage(Written.class, this::onWritten)
        .build();
  }

  private Behavior<Command> onLook() {
    Member self = cluster.selfMember();
    int cost = of(older(self));
    if (!self.status().equals(MemberStatus.up()) || written.equals(OptionalInt.of(cost))) {
      lookAfter(EACH);
      return this;
    }
    getContext()
        .pipeToSelf(
            pod.annotate(ANNOTATION, Integer.toString(cost)),
            (done, failure) -> new Written(cost, Optional.ofNullable(failure)));
    return this;
  }

  private Behavior<Command> onWritten(Written message) {
    if (message.failure().isEmpty()) {
      written = OptionalInt.of(message.cost());
      warned = false;
      lookAfter(EACH);
      return this;
    }
    if (!warned) {
      getContext()
          .getLog()
          .warn(
              "the pod's deletion cost is not written, it is tried again: {}",
              Reasons.of(message.failure().get()));
    }
    warned = true;
    lookAfter(AGAIN);
    return this;
  }

  private void lookAfter(Duration time) {
    timers.startSingleTimer(new Look(), time);
  }

  private int older(Member self) {
    int older = 0;
    for (Member member : cluster.state().getMembers()) {
      if (isSettled(member) && roles(member).equals(roles(self)) && member.isOlderThan(self)) {
        older++;
      }
    }
    return older;
  }

  private static boolean isSettled(Member member) {
    return member.status().equals(MemberStatus.up())
        || member.status().equals(MemberStatus.leaving());
  }

  /** Those that a Deployment gives its pods, without the node's name. */
  private static Set<String> roles(Member member) {
    return member.getRoles().stream()
        .filter(role -> !role.contains(":"))
        .collect(Collectors.toSet());
  }
}
