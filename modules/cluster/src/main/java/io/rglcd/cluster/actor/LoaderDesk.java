package io.rglcd.cluster.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.LoaderMessage;
import io.rglcd.cluster.protocol.Term;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The coordinator's list of loaders. They are no part of the protocol's state: samples are leased
 * to workers, whoever loads them.
 */
final class LoaderDesk {

  private final Term term;
  private final ActorRef<CoordinatorMessage> coordinator;
  private final List<String> identity;
  private final Set<ActorRef<LoaderMessage>> greeted = new HashSet<>();

  LoaderDesk(Term term, ActorRef<CoordinatorMessage> coordinator, List<String> identity) {
    this.term = term;
    this.coordinator = coordinator;
    this.identity = identity;
  }

  /** Greets who is new. */
  void found(Receptionist.Listing listing) {
    Set<ActorRef<LoaderMessage>> listed = listing.getServiceInstances(RangeLoader.LOADERS);
    greeted.retainAll(listed);
    listed.stream()
        .filter(greeted::add)
        .forEach(loader -> loader.tell(new LoaderMessage.Greeting(term, coordinator)));
  }

  /** Takes a loader or sends it away. */
  void register(CoordinatorMessage.RegisterLoader message) {
    Optional<String> difference = Identity.difference(identity, message.identity());
    message
        .ref()
        .tell(
            difference
                .<LoaderMessage>map(reason -> new LoaderMessage.Dismissed(term, reason))
                .orElseGet(() -> new LoaderMessage.Welcome(term)));
  }

  /** The run is over. */
  void dismissAll() {
    greeted.forEach(loader -> loader.tell(new LoaderMessage.Dismissed(term, "")));
  }
}
