package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import io.rglcd.cluster.protocol.AssistantMessage;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Term;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The coordinator's list of loaders and servers. They are no part of the protocol's state: samples
 * are leased to workers, whoever loads them.
 */
final class AssistantDesk {

  private final Term term;
  private final ActorRef<CoordinatorMessage> coordinator;
  private final List<String> identity;
  private final Set<ActorRef<AssistantMessage>> greeted = new HashSet<>();

  AssistantDesk(Term term, ActorRef<CoordinatorMessage> coordinator, List<String> identity) {
    this.term = term;
    this.coordinator = coordinator;
    this.identity = identity;
  }

  /** Greets who is new. */
  void found(Receptionist.Listing listing) {
    Set<ActorRef<AssistantMessage>> listed = listing.getServiceInstances(Attendance.ASSISTANTS);
    greeted.retainAll(listed);
    listed.stream()
        .filter(greeted::add)
        .forEach(assistant -> assistant.tell(new AssistantMessage.Greeting(term, coordinator)));
  }

  /** Takes an assistant or sends it away. */
  void register(CoordinatorMessage.RegisterAssistant message) {
    Optional<String> difference = Identity.difference(identity, message.identity());
    message
        .ref()
        .tell(
            difference
                .<AssistantMessage>map(reason -> new AssistantMessage.Dismissed(term, reason))
                .orElseGet(() -> new AssistantMessage.Welcome(term)));
  }

  /** The run is over. */
  void dismissAll() {
    greeted.forEach(assistant -> assistant.tell(new AssistantMessage.Dismissed(term, "")));
  }
}
