package io.rglcd.cluster.node;

import akka.actor.Address;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.actor.Reachability;
import io.rglcd.cluster.downing.DowningPolicy;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link KnownMembers} up to date; on coordinators' nodes. Notes only what a side with the
 * mandate sees: who is not there was given up.
 */
final class MemberNotes {

  /** What it handles; stays in the actor. */
  record Look() {}

  private static final Logger LOG = LoggerFactory.getLogger(MemberNotes.class);
  private static final Duration EACH = Duration.ofSeconds(1);

  private MemberNotes() {}

  static Behavior<Look> create(KnownMembers file, DowningPolicy<Address> policy) {
    return Behaviors.setup(
        context -> {
          Cluster cluster = Cluster.get(context.getSystem());
          Reachability view = new Reachability(context.getSystem(), policy);
          return Behaviors.withTimers(
              timers -> {
                timers.startTimerWithFixedDelay(new Look(), EACH);
                return noting(file, cluster, view, Set.of());
              });
        });
  }

  private static Behavior<Look> noting(
      KnownMembers file, Cluster cluster, Reachability view, Set<String> noted) {
    return Behaviors.receiveMessage(
        look -> {
          view.refresh();
          Set<String> members = members(cluster);
          if (!view.mayBegin() || members.equals(noted)) {
            return Behaviors.same();
          }
          note(file, members);
          return noting(file, cluster, view, members);
        });
  }

  private static Set<String> members(Cluster cluster) {
    Set<String> members = new TreeSet<>();
    for (Member member : cluster.state().getMembers()) {
      if (!member.status().equals(MemberStatus.down())) {
        KnownMembers.hostAndPort(member.address()).forEach(members::add);
      }
    }
    return members;
  }

  /** Without the file a restart of all coordinators founds a new cluster: no reason to stop. */
  private static void note(KnownMembers file, Set<String> members) {
    try {
      file.write(members);
    } catch (TrainingException e) {
      LOG.warn("{}", e.getMessage());
    }
  }
}
