package io.rglcd.cluster.management;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.Member;
import akka.cluster.typed.Cluster;
import io.rglcd.cluster.protocol.CoordinatorCommand;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.NodeMessage;
import io.rglcd.cluster.protocol.RunStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The cluster as any of its nodes can ask and steer it. Thread-safe. */
public final class RunControl implements Extension {

  /** Before a node's name among its roles in the cluster. */
  public static final String NAME_ROLE = "name:";

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ActorSystem<?> system;
  private volatile Optional<Connection> connection = Optional.empty();

  private record Connection(ActorRef<CoordinatorCommand> coordinator, ControlToken token) {}

  /** Its identity as an extension. */
  private static final class Id extends ExtensionId<RunControl> {

    private static final Id INSTANCE = new Id();

    @Override
    public RunControl createExtension(ActorSystem<?> system) {
      return new RunControl(system);
    }
  }

  private RunControl(ActorSystem<?> system) {
    this.system = system;
  }

  /** The one of a node. */
  public static RunControl get(ActorSystem<?> system) {
    return Id.INSTANCE.apply(system);
  }

  /** Under which a node of that name can be told something. */
  public static ServiceKey<NodeMessage> node(String name) {
    return ServiceKey.create(NodeMessage.class, "rglcd-node-" + name);
  }

  /** From now on there is somebody to ask: the coordinator, wherever it is. */
  public void connect(ActorRef<CoordinatorCommand> coordinator, ControlToken token) {
    connection = Optional.of(new Connection(coordinator, token));
  }

  boolean allows(String header) {
    return connection.map(c -> c.token().isIn(header)).orElse(false);
  }

  /** Tells the coordinator something; empty if there is no way to one yet. */
  Optional<CompletionStage<RunStatus>> tell(CoordinatorMessage message) {
    connection.ifPresent(c -> c.coordinator().tell(message));
    return status();
  }

  /** Asks the coordinator; fails where none answers within 3 s. */
  Optional<CompletionStage<RunStatus>> status() {
    return connection.map(
        c ->
            AskPattern.ask(
                c.coordinator(),
                (ActorRef<RunStatus> replyTo) -> new CoordinatorMessage.StatusRequested(replyTo),
                PATIENCE,
                system.scheduler()));
  }

  /** Tells a node to leave; false if there is none of that name. */
  CompletionStage<Boolean> drain(String name) {
    ServiceKey<NodeMessage> key = node(name);
    CompletionStage<Receptionist.Listing> found =
        AskPattern.ask(
            system.receptionist(),
            (ActorRef<Receptionist.Listing> replyTo) -> Receptionist.find(key, replyTo),
            PATIENCE,
            system.scheduler());
    return found.thenApply(
        listing -> {
          Set<ActorRef<NodeMessage>> nodes = listing.getServiceInstances(key);
          nodes.forEach(node -> node.tell(new NodeMessage.Drain()));
          return !nodes.isEmpty();
        });
  }

  /** The nodes of the cluster as this one sees them, by name. */
  List<NodeStatus> nodes() {
    Cluster cluster = Cluster.get(system);
    Set<Member> unreachable = cluster.state().getUnreachable();
    List<NodeStatus> nodes = new ArrayList<>();
    for (Member member : cluster.state().getMembers()) {
      nodes.add(NodeStatus.of(member, !unreachable.contains(member)));
    }
    nodes.sort(Comparator.comparing(NodeStatus::name).thenComparing(NodeStatus::address));
    return nodes;
  }
}
