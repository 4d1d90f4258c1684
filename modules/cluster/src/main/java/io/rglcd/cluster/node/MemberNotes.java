package io.rglcd.cluster.node;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import io.rglcd.cluster.TrainingException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps {@link KnownMembers} up to date; on coordinators' nodes. */
final class MemberNotes {

  private static final Logger LOG = LoggerFactory.getLogger(MemberNotes.class);

  private MemberNotes() {}

  static Behavior<ClusterEvent.MemberEvent> create(KnownMembers file) {
    return Behaviors.setup(
        context -> {
          Cluster cluster = Cluster.get(context.getSystem());
          ActorRef<ClusterEvent.MemberEvent> self = context.getSelf();
          cluster.subscriptions().tell(Subscribe.create(self, ClusterEvent.MemberEvent.class));
          return Behaviors.receiveMessage(
              event -> {
                note(file, cluster);
                return Behaviors.same();
              });
        });
  }

  /** Without the file a restart of all coordinators founds a new cluster: no reason to stop. */
  private static void note(KnownMembers file, Cluster cluster) {
    List<String> members = new ArrayList<>();
    for (Member member : cluster.state().getMembers()) {
      members.addAll(hostAndPort(member.address()).toList());
    }
    try {
      file.write(members);
    } catch (TrainingException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  private static Stream<String> hostAndPort(Address address) {
    return address.getHost().stream()
        .flatMap(host -> address.getPort().stream().map(port -> host + ":" + port));
  }
}
