package io.rglcd.cluster.node;

import akka.actor.Address;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.typed.Cluster;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.TrainingSettings;
import io.rglcd.cluster.actor.NodeEnd;
import io.rglcd.cluster.actor.Reachability;
import io.rglcd.cluster.downing.DowningPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks after a node whose side has not had the mandate for a while, and to whom perhaps nobody
 * speaks. Where the run is over the node ends. Where the others have gone on without it, as the
 * members that are noted beside the log tell, it leaves its side to join theirs. So does a
 * coordinator where nobody is unreachable and hence nobody will come back: one that is cut off when
 * it starts founds a cluster of its own.
 */
final class QuorumWatch extends AbstractBehavior<QuorumWatch.Look> {

  /** What it handles; stays in the actor. */
  record Look() {}

  private static final Duration EACH = Duration.ofSeconds(3);
  private static final int PATIENCE = 7;

  private final TrainingSettings settings;
  private final boolean coordinator;
  private final KnownMembers members;
  private final Consumer<NodeEnd> over;
  private final Reachability view;
  private int missed;

  private QuorumWatch(
      ActorContext<Look> context,
      TrainingSettings settings,
      boolean coordinator,
      DowningPolicy<Address> policy,
      KnownMembers members,
      Consumer<NodeEnd> over) {
    super(context);
    this.settings = settings;
    this.coordinator = coordinator;
    this.members = members;
    this.over = over;
    this.view = new Reachability(context.getSystem(), policy);
  }

  /**
   * The watch of a node.
   *
   * @param over is told if the run is over
   */
  static Behavior<Look> create(
      TrainingSettings settings,
      boolean coordinator,
      DowningPolicy<Address> policy,
      KnownMembers members,
      Consumer<NodeEnd> over) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(new Look(), EACH);
                  return new QuorumWatch(context, settings, coordinator, policy, members, over);
                }));
  }

  @Override
  public Receive<Look> createReceive() {
    return newReceiveBuilder().onMessage(Look.class, look -> onLook()).build();
  }

  private Behavior<Look> onLook() {
    view.refresh();
    missed = view.mayBegin() ? 0 : missed + 1;
    try {
      if (missed > 1) {
        lookBesideTheLog();
      }
    } catch (TrainingException e) {
      getContext().getLog().warn("{}", e.getMessage());
    }
    return this;
  }

  private void lookBesideTheLog() {
    Optional<RunStart> last = view.mayGoOn() ? Optional.empty() : lastCheckpoint();
    if (last.isPresent()) {
      over.accept(new NodeEnd(true, "the run has reached step " + last.get().step()));
    } else if (view.isMember() && (isGivenUp() || isAlone())) {
      view.leaveAtOnce();
    }
  }

  /** To look through a checkpoint takes long. */
  private Optional<RunStart> lastCheckpoint() {
    return Optional.of(RunStart.newest(settings))
        .filter(newest -> newest.step().value() >= settings.limits().steps());
  }

  /** Workers keep what they have, and are found where they are. */
  private boolean isAlone() {
    return coordinator && missed > PATIENCE && view.isWhole() && !view.mayGoOn();
  }

  private boolean isGivenUp() {
    List<String> noted = members.read();
    return !noted.isEmpty()
        && KnownMembers.hostAndPort(Cluster.get(getContext().getSystem()).selfMember().address())
            .noneMatch(noted::contains);
  }
}
