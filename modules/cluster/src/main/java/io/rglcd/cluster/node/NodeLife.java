package io.rglcd.cluster.node;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.http.javadsl.model.Uri;
import akka.management.javadsl.AkkaManagement;
import akka.remote.RemoteTransportException;
import io.rglcd.cluster.FileJournal;
import io.rglcd.cluster.NetworkSnapshots;
import io.rglcd.cluster.RunStart;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.actor.ClusterGuardian;
import io.rglcd.cluster.actor.NodeContext;
import io.rglcd.cluster.actor.NodeEnd;
import io.rglcd.cluster.actor.Reasons;
import io.rglcd.cluster.collective.NetworkAllReduce;
import io.rglcd.cluster.dataplane.DataPlane;
import io.rglcd.cluster.dataplane.DataPlaneException;
import io.rglcd.cluster.management.ControlToken;
import io.rglcd.cluster.state.CommitHistory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node as the cluster knows it, from joining until it leaves or is given up: an actor system and
 * an end of the data plane, which end together.
 */
final class NodeLife {

  private static final Logger LOG = LoggerFactory.getLogger(NodeLife.class);

  private final ActorSystem<ClusterGuardian.Command> system;
  private final String management;
  private final CompletionStage<Optional<NodeEnd>> ended;

  private NodeLife(
      ActorSystem<ClusterGuardian.Command> system,
      String management,
      CompletionStage<Optional<NodeEnd>> ended) {
    this.system = system;
    this.management = management;
    this.ended = ended;
  }

  /**
   * Joins the cluster.
   *
   * @throws TrainingException or {@link io.rglcd.cluster.dataplane.DataPlaneException} saying in
   *     one sentence why it cannot
   */
  static NodeLife start(NodeOptions options, NodeWork work) {
    CompletableFuture<NodeEnd> outcome = new CompletableFuture<>();
    Deque<Runnable> undo = new ArrayDeque<>();
    try {
      return start(options, work, outcome, undo);
    } catch (Exception e) {
      // Akka throws checked exceptions that it does not declare.
      RuntimeException reason = reason(options, outcome, e);
      undo(undo, reason);
      throw reason;
    } catch (Error e) {
      undo(undo, e);
      throw e;
    }
  }

  private static NodeLife start(
      NodeOptions options,
      NodeWork work,
      CompletableFuture<NodeEnd> outcome,
      Deque<Runnable> undo) {
    Supplier<RunStart> start = () -> RunStart.newest(work.settings());
    LOG.info("node {} begins at step {}", options.name(), start.get().step());
    KnownMembers members = new KnownMembers(options.journal(), options.name());
    NodeDowning downing = NodeDowning.open(options, members);
    undo.push(downing::close);
    NodeScratch scratch = NodeScratch.open(options.scratch(), options.name());
    undo.push(scratch::close);
    DataPlane plane = DataPlane.open(options.dataPlane());
    undo.push(plane::close);
    NodeContext node =
        work.parts()
            .apply(
                new NodeContext(
                    options.name(),
                    NodeContext.PROTOCOL,
                    work.settings(),
                    start,
                    CommitHistory.Origin.of(work.settings().samples()),
                    work.replicas(),
                    work.source(),
                    work.listener(),
                    new NetworkAllReduce(plane),
                    new NetworkSnapshots(plane),
                    new FileJournal(options.journal()),
                    plane.endpoint(),
                    scratch.directory(),
                    ControlToken.of(options.dataPlane().secret()),
                    Optional.of(downing.policy()),
                    System::nanoTime));
    LastMembers last = LastMembers.look(members.read(), options.address());
    ActorSystem<ClusterGuardian.Command> system =
        startActors(options, node, downing, last, outcome);
    undo.push(system::terminate);
    startWatching(options, node, downing, members, outcome, system);
    String management = startManagement(options, system);
    Joining.begin(system, options, last);
    CompletionStage<Optional<NodeEnd>> ended =
        system
            .getWhenTerminated()
            .thenComposeAsync(
                done -> {
                  downing.close();
                  node.snapshots().close();
                  plane.close();
                  node.allReduce().close();
                  scratch.close();
                  return outcome.isDone()
                      ? outcome.thenApply(Optional::of)
                      : CompletableFuture.completedFuture(Optional.empty());
                });
    return new NodeLife(system, management, ended);
  }

  private static void undo(Deque<Runnable> undo, Throwable failure) {
    for (Runnable step : undo) {
      try {
        step.run();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** A node that is refused while it starts cannot start the rest: the refusal is what counts. */
  private static RuntimeException reason(
      NodeOptions options, CompletableFuture<NodeEnd> outcome, Exception failure) {
    try {
      NodeEnd unused = outcome.getNow(null);
      return inOneSentence(options, failure);
    } catch (CompletionException e) {
      return e.getCause() instanceof TrainingException refusal
          ? refusal
          : inOneSentence(options, failure);
    }
  }

  private static RuntimeException inOneSentence(NodeOptions options, Exception failure) {
    if (failure instanceof TrainingException known) {
      return known;
    }
    if (failure instanceof DataPlaneException known) {
      return known;
    }
    return new TrainingException(
        failure instanceof RemoteTransportException
            ? cannotListen(options, failure)
            : "node " + options.name() + " did not start: " + Reasons.of(failure),
        failure);
  }

  private static String startManagement(NodeOptions options, ActorSystem<?> system) {
    try {
      Uri uri = AkkaManagement.get(system).start().toCompletableFuture().join();
      return uri.getHost().address() + ":" + uri.getPort();
    } catch (CompletionException e) {
      throw new TrainingException(
          "management port "
              + options.host()
              + ":"
              + options.managementPort()
              + " cannot be used (expected: a free one, or 0 for any): "
              + e.getCause().getMessage(),
          e);
    }
  }

  private static String cannotListen(NodeOptions options, Throwable failure) {
    String where = options.address();
    String message = String.valueOf(failure.getMessage());
    return message.contains("Address already in use")
        ? "port " + where + " is taken (expected: a free one; end what uses it or give another)"
        : "node " + options.name() + " cannot listen on " + where + ": " + message;
  }

  private static ActorSystem<ClusterGuardian.Command> startActors(
      NodeOptions options,
      NodeContext node,
      NodeDowning downing,
      LastMembers last,
      CompletableFuture<NodeEnd> outcome) {
    return ActorSystem.create(
        ClusterGuardian.create(
            node,
            assistance(options.roles()),
            options.roles().contains(Role.WORKER) ? options.devices() : 0,
            outcome),
        NodeConfig.SYSTEM,
        ActorSystemSetup.create(
            BootstrapSetup.create(NodeConfig.of(options, last)), downing.setup()));
  }

  private static void startWatching(
      NodeOptions options,
      NodeContext node,
      NodeDowning downing,
      KnownMembers members,
      CompletableFuture<NodeEnd> outcome,
      ActorSystem<ClusterGuardian.Command> system) {
    if (options.roles().contains(Role.COORDINATOR)) {
      system.systemActorOf(
          MemberNotes.create(members, downing.policy()),
          "member-notes",
          DispatcherSelector.fromConfig("rglcd.cluster.file-dispatcher"));
    }
    system.systemActorOf(
        QuorumWatch.create(
            node.settings(),
            options.roles().contains(Role.COORDINATOR),
            downing.policy(),
            members,
            end -> {
              outcome.complete(end);
              system.terminate();
            }),
        "quorum-watch",
        DispatcherSelector.fromConfig("rglcd.cluster.file-dispatcher"));
    downing
        .pod()
        .ifPresent(
            pod -> system.systemActorOf(DeletionCost.create(pod), "deletion-cost", Props.empty()));
  }

  private static Set<ClusterGuardian.Assistance> assistance(Set<Role> roles) {
    Set<ClusterGuardian.Assistance> assistance = EnumSet.noneOf(ClusterGuardian.Assistance.class);
    if (roles.contains(Role.LOADER)) {
      assistance.add(ClusterGuardian.Assistance.LOADING);
    }
    if (roles.contains(Role.SERVER)) {
      assistance.add(ClusterGuardian.Assistance.SERVING);
    }
    return assistance;
  }

  /** Where its HTTP server is, host:port. */
  String management() {
    return management;
  }

  /** How it ended; empty if the others have given it up. Completes when everything of it has. */
  CompletionStage<Optional<NodeEnd>> ended() {
    return ended;
  }

  void tell(ClusterGuardian.Command command) {
    system.tell(command);
  }

  /** Ends it at once; does not wait. */
  void terminate() {
    system.terminate();
  }
}
