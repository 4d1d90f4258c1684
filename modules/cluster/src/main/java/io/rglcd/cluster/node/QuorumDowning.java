package io.rglcd.cluster.node;

import akka.actor.AbstractActorWithTimers;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.Address;
import akka.actor.Props;
import akka.cluster.Cluster;
import akka.cluster.ClusterEvent;
import akka.cluster.DowningProvider;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.remote.artery.ThisActorSystemQuarantinedEvent;
import com.typesafe.config.Config;
import io.rglcd.cluster.actor.Reachability;
import io.rglcd.cluster.downing.DowningPolicy;
import io.rglcd.cluster.downing.Sight;
import io.rglcd.cluster.downing.Verdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Carries out the {@link DowningPolicy} of a {@link DowningSetup}. Akka's own resolver ends all
 * nodes where two of them die one after the other and the second had noticed the first (a node that
 * is both observer and subject of unreachability counts as connected in part), and ends workers
 * that are left without coordinators. Decision 0004 says more.
 */
public final class QuorumDowning extends DowningProvider {

  static final String PAUSE = "rglcd.cluster.downing.acceptable-pause";

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
    DowningSetup setup = system.settings().setup().get(DowningSetup.class).orElseThrow();
    return Option.apply(
        Props.create(
            Watch.class,
            () ->
                new Watch(
                    setup,
                    new JoinPolicy(config.getDuration(PAUSE).multipliedBy(PAUSES)),
                    System::nanoTime)));
  }

  /**
   * Those of some addresses who are members that nobody has given up yet. Akka gives up by address:
   * where a member is down already, that could hit the one who comes after it there.
   */
  static Set<Address> notDown(Set<Address> addresses, Iterable<Member> members) {
    Set<Address> left = new HashSet<>();
    for (Member member : members) {
      if (addresses.contains(member.address()) && !member.status().equals(MemberStatus.down())) {
        left.add(member.address());
      }
    }
    return left;
  }

  private static final class Watch extends AbstractActorWithTimers {

    private static final Object TICK = "tick";
    private static final Duration EVERY = Duration.ofMillis(250);

    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final DowningPolicy<Address> policy;
    private final Optional<LeaseDesk> desk;
    private final JoinPolicy join;
    private final LongSupplier nanos;

    private Watch(DowningSetup setup, JoinPolicy join, LongSupplier nanos) {
      this.policy = setup.policy();
      this.desk = setup.desk();
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
          .match(LeaseDesk.Answer.class, this::onAnswer)
          .match(ThisActorSystemQuarantinedEvent.class, this::onQuarantined)
          .build();
    }

    private void onTick() {
      ClusterEvent.CurrentClusterState state = cluster.state();
      Sight<Address> sight = Reachability.sight(state);
      long now = nanos.getAsLong();
      Verdict<Address> verdict = policy.look(sight, now);
      notDown(verdict.givenUp(), state.getMembers()).forEach(cluster::down);
      ActorRef self = getSelf();
      Consumer<LeaseDesk.Answer> told = answer -> self.tell(answer, ActorRef.noSender());
      desk.ifPresent(d -> d.obey(verdict.wish(), cluster.selfAddress(), now, told));
      joinAgainIfForgotten(sight.lost());
    }

    private void onAnswer(LeaseDesk.Answer answer) {
      desk.orElseThrow().answered(answer, cluster.state().getMembers());
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
