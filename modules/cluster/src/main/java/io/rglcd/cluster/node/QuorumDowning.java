package io.rglcd.cluster.node;

import akka.actor.AbstractActorWithTimers;
import akka.actor.ActorSystem;
import akka.actor.Address;
import akka.actor.Props;
import akka.cluster.Cluster;
import akka.cluster.DowningProvider;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.remote.artery.ThisActorSystemQuarantinedEvent;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Carries out a {@link DowningPolicy}. Akka's own resolver ends all nodes where two of them die one
 * after the other and the second had noticed the first (a node that is both observer and subject of
 * unreachability counts as connected in part), and ends workers that are left without coordinators.
 * Decision 0004 says more.
 */
public final class QuorumDowning extends DowningProvider {

  static final String QUORUM = "rglcd.cluster.downing.quorum";
  static final String STABLE_AFTER = "rglcd.cluster.downing.stable-after";

  /** Pauses without a heartbeat after which a welcome that nobody else knows of is void. */
  private static final int PAUSES = 4;

  private final ActorSystem system;

  /** Called by Akka. */
  public QuorumDowning(ActorSystem system) {
    this.system = system;
  }

  @Override
  public FiniteDuration downRemovalMargin() {
    return FiniteDuration.Zero();
  }

  @Override
  public Option<Props> downingActorProps() {
    Config config = system.settings().config();
    return Option.apply(
        Props.create(
            Watch.class,
            () ->
                new Watch(
                    new DowningPolicy<>(
                        config.getInt(QUORUM),
                        Cluster.get(system).getSelfRoles().contains(Role.COORDINATOR.text()),
                        config.getDuration(STABLE_AFTER)),
                    new JoinPolicy(config.getDuration(STABLE_AFTER).multipliedBy(PAUSES)),
                    System::nanoTime)));
  }

  private static final class Watch extends AbstractActorWithTimers {

    private static final Object TICK = "tick";
    private static final Duration EVERY = Duration.ofMillis(250);

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final DowningPolicy<Address> policy;
    private final JoinPolicy join;
    private final LongSupplier nanos;

    private Watch(DowningPolicy<Address> policy, JoinPolicy join, LongSupplier nanos) {
      this.policy = policy;
      this.join = join;
      this.nanos = nanos;
    }

    @Override
    public void preStart() {
      getContext()
          .getSystem()
          .eventStream()
          .subscribe(getSelf(), ThisActorSystemQuarantinedEvent.class);
      getTimers().startTimerWithFixedDelay(TICK, TICK, EVERY);
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .matchEquals(TICK, tick -> onTick())
          .match(ThisActorSystemQuarantinedEvent.class, this::onQuarantined)
          .build();
    }

    private void onTick() {
      Set<Address> unreachable = new HashSet<>();
      cluster.state().getUnreachable().forEach(member -> unreachable.add(member.address()));
      giveUpTheLost(unreachable);
      joinAgainIfForgotten(unreachable);
    }

    private void giveUpTheLost(Set<Address> unreachable) {
      long coordinators = 0;
      for (Member member : cluster.state().getMembers()) {
        if (member.hasRole(Role.COORDINATOR.text())
            && !unreachable.contains(member.address())
            && !member.status().equals(MemberStatus.down())) {
          coordinators++;
        }
      }
      policy.look(unreachable, coordinators, nanos.getAsLong()).forEach(cluster::down);
    }

    /** Leaves a cluster that does not know of it, and comes again as a new one. */
    private void joinAgainIfForgotten(Set<Address> unreachable) {
      MemberStatus status = cluster.selfMember().status();
      boolean joining =
          status.equals(MemberStatus.joining()) || status.equals(MemberStatus.weaklyUp());
      Set<Address> agree = new HashSet<>(cluster.state().getSeenBy());
      agree.removeAll(unreachable);
      agree.remove(cluster.selfAddress());
      if (join.isForgotten(joining, agree.size(), nanos.getAsLong())) {
        cluster.down(cluster.selfAddress());
      }
    }

    /** The others have given this node up: it leaves, and comes again as a new one. */
    private void onQuarantined(ThisActorSystemQuarantinedEvent event) {
      for (Member member : cluster.state().getMembers()) {
        if (member.address().equals(event.remoteAddress().address())) {
          cluster.down(cluster.selfAddress());
        }
      }
    }
  }
}
