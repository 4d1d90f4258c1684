package io.rglcd.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.CommitJournal;
import io.rglcd.cluster.TrainingEvent;
import io.rglcd.cluster.TrainingException;
import io.rglcd.cluster.protocol.CoordinatorMessage;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage;
import io.rglcd.cluster.state.CommitHistory;
import io.rglcd.cluster.state.CoordinatorEvent;
import io.rglcd.cluster.state.CoordinatorState;
import io.rglcd.cluster.state.Effect;
import io.rglcd.cluster.state.SimulationAccess;
import io.rglcd.cluster.state.Transition;
import io.rglcd.data.SampleLedger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A coordinator: its pure state, its follower and whom it knows. Dead ones do nothing. */
final class SimCoordinator implements Effect.Handler {

  final String node;
  private final Simulation simulation;
  private final Term term;
  private final SimReplica follower;
  private final Map<WorkerId, SimReplica> refs = new TreeMap<>();
  private final Deque<CoordinatorEvent> events = new ArrayDeque<>();
  private final Set<WorkerId> joined = new HashSet<>();
  private boolean deciding;
  private CoordinatorState state;
  boolean alive = true;
  boolean completed;
  String failure = "";

  SimCoordinator(String node, Simulation simulation) {
    this.node = node;
    this.simulation = simulation;
    CommitJournal.Claim claim = simulation.log.claim();
    this.term = claim.term();
    this.state =
        CoordinatorState.start(
            simulation.limits,
            term,
            new Generation(0),
            CommitHistory.of(simulation.origin, claim.records()));
    this.follower = simulation.newFollower(node);
    simulation.world.later(0, this::tick);
  }

  SimReplica follower() {
    return follower;
  }

  CoordinatorState state() {
    return state;
  }

  boolean knows(SimReplica replica) {
    return refs.get(replica.id) == replica;
  }

  void die() {
    alive = false;
    follower.alive = false;
  }

  /** Greets whom it does not know, and notices who is gone, as the actor does. */
  private void tick() {
    if (!alive) {
      return;
    }
    Set<SimReplica> there = new LinkedHashSet<>(simulation.liveReplicas());
    there.removeIf(replica -> !simulation.world.canReach(node, replica.node));
    there.add(follower);
    for (Map.Entry<WorkerId, SimReplica> known : new TreeMap<>(refs).entrySet()) {
      if (!there.contains(known.getValue())) {
        refs.remove(known.getKey());
        decide(new CoordinatorEvent.Failed(known.getKey(), "unreachable"));
      }
    }
    for (SimReplica replica : there) {
      boolean known = refs.get(replica.id) == replica && state.knows(replica.id);
      if (!known) {
        simulation.world.send(
            node, replica.node, () -> replica.hear(this, new WorkerMessage.Hello(term, null)));
      }
    }
    decide(new CoordinatorEvent.Ticked());
    simulation.world.later(0.2, this::tick);
  }

  void hear(SimReplica from, CoordinatorMessage message) {
    if (!alive) {
      return;
    }
    if (message instanceof CoordinatorMessage.Register) {
      refs.put(from.id, from);
    }
    decide(CoordinatorEvents.of(message));
  }

  private void decide(CoordinatorEvent event) {
    events.add(event);
    if (simulation.mutant == Mutant.COMMIT_BEFORE_ALL_PREPARED
        && event instanceof CoordinatorEvent.Mean mean) {
      SimulationAccess.meansOfOthers(state, mean.message())
          .forEach(forged -> events.add(new CoordinatorEvent.Mean(forged)));
    }
    if (deciding) {
      return;
    }
    deciding = true;
    while (!events.isEmpty() && alive) {
      CoordinatorState before = state;
      CoordinatorEvent next = events.poll();
      Transition transition = state.next(next, simulation.world.nanos());
      state = transition.state();
      if (simulation.mutant == Mutant.LEASE_NOT_RETURNED
          && next instanceof CoordinatorEvent.Failed) {
        state = SimulationAccess.withoutLostRanges(before, state);
      }
      check(before, state);
      transition.effects().forEach(effect -> effect.accept(this));
    }
    events.clear();
    deciding = false;
  }

  private void check(CoordinatorState before, CoordinatorState after) {
    SampleLedger ledger = after.ledger();
    assertThat(ledger.pending() + ledger.leased() + ledger.settledInEpoch().total())
        .as("LedgerConserved: pending + leased + committed + skipped")
        .isEqualTo(ledger.total());
    assertThat(ledger.leased())
        .as("LedgerConserved: only what is dealt is leased")
        .isEqualTo(SimulationAccess.dealt(after));
    assertThat(after.term()).as("MonotonicTerm").isEqualTo(before.term());
    assertThat(after.generation().value())
        .as("generations only grow")
        .isGreaterThanOrEqualTo(before.generation().value());
  }

  @Override
  public void tell(Effect.Tell effect) {
    for (WorkerId worker : effect.to()) {
      SimReplica replica = refs.get(worker);
      if (replica != null) {
        simulation.world.send(node, replica.node, () -> replica.hear(this, effect.message()));
      }
    }
  }

  @Override
  public void append(Effect.Append effect) {
    simulation.checkCommit(this, effect.record());
    try {
      simulation.log.append(effect.record());
    } catch (TrainingException e) {
      events.add(new CoordinatorEvent.AppendFailed(e.getMessage()));
      return;
    }
    simulation.checkPrepared(this, effect.record());
    if (simulation.world.chance(simulation.crashAfterAppend())) {
      die();
      return;
    }
    events.add(new CoordinatorEvent.Appended(effect.record()));
  }

  @Override
  public void saveCheckpoint(Effect.SaveCheckpoint effect) {
    SimReplica scribe = refs.get(effect.scribe());
    if (scribe != null) {
      WorkerMessage order = new WorkerMessage.SaveCheckpoint(term, effect.step(), "{}");
      simulation.world.send(node, scribe.node, () -> scribe.hear(this, order));
    }
  }

  @Override
  public void report(Effect.Report effect) {
    TrainingEvent event = effect.event();
    if (event instanceof TrainingEvent.Started started) {
      joined.addAll(started.members());
    } else if (event instanceof TrainingEvent.WorkerJoined worker) {
      assertThat(joined.add(worker.worker())).as("JoinedOnce " + worker.worker()).isTrue();
    } else if (event instanceof TrainingEvent.WorkerLost worker) {
      joined.remove(worker.worker());
    }
  }

  @Override
  public void complete(Effect.Complete effect) {
    completed = true;
    alive = false;
  }

  @Override
  public void startOver(Effect.StartOver effect) {
    die();
    simulation.world.later(0.1, simulation::startCoordinator);
  }

  @Override
  public void fail(Effect.Fail effect) {
    failure = effect.reason();
    die();
  }
}
