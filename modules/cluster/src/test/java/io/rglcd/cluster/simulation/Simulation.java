package io.rglcd.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.protocol.HistoryRecord;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.state.CommitHistory;
import io.rglcd.cluster.state.RunLimits;
import io.rglcd.cluster.state.SimulationAccess;
import io.rglcd.data.SampleRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** A cluster of pure states in a bad world that calms down; then the run must end. */
final class Simulation {

  static final long PARAMETERS = 10;
  private static final int MAX_EVENTS = 400_000;
  private static final double CALM_SECONDS = 120;

  final World world;
  final Mutant mutant;
  final RunLimits limits;
  final CommitHistory.Origin origin;
  final SharedLog log;
  final Truth truth = new Truth();
  final TreeMap<StepNumber, SimCheckpoint> checkpoints = new TreeMap<>();
  private final Chaos chaos;
  private final List<String> coordinatorNodes = new ArrayList<>();
  private final List<SimCoordinator> coordinators = new ArrayList<>();
  private final TreeMap<WorkerId, SimReplica> workers = new TreeMap<>();
  private final TreeMap<Integer, WorkerId> slots = new TreeMap<>();
  private int lives;
  private final Set<String> computedOnce = new HashSet<>();
  int computedAgain;

  Simulation(RunLimits limits, int nodes, long samples, Chaos chaos, Mutant mutant, long seed) {
    this.world = new World(new Random(seed), chaos);
    this.chaos = chaos;
    this.mutant = mutant;
    this.limits = limits;
    this.origin = CommitHistory.Origin.of(samples);
    this.log = new SharedLog(origin, mutant != Mutant.STALE_TERM_OBEYED);
    for (int i = 0; i < nodes; i++) {
      coordinatorNodes.add("coordinator-" + i);
    }
    for (int i = 0; i < limits.workers(); i++) {
      startWorker(i);
    }
    startCoordinator();
    for (double second = 0; second < chaos.seconds(); second += 0.1) {
      world.later(second, this::misfortune);
    }
    world.later(chaos.seconds(), this::calmDown);
  }

  /** Every life of a worker has a name of its own, as nodes have. */
  private void startWorker(int slot) {
    WorkerId id = new WorkerId("worker-" + slot + "." + lives++);
    slots.put(slot, id);
    workers.put(id, new SimReplica(id, "node of " + id, true, this, origin.step(), 0, 1));
  }

  void startCoordinator() {
    String node = coordinatorNodes.get(world.random.nextInt(coordinatorNodes.size()));
    coordinators.stream().filter(c -> c.node.equals(node)).forEach(SimCoordinator::die);
    coordinators.add(new SimCoordinator(node, this));
  }

  /** Takes over the newest checkpoint of the present history, as a follower does at its start. */
  SimReplica newFollower(String node) {
    List<HistoryRecord.Committed> lineage = log.lineage();
    for (StepNumber step : checkpoints.descendingKeySet()) {
      SimCheckpoint found = checkpoints.get(step);
      if (step.value() <= lineage.size()
          && lineage.get((int) step.value() - 1).checksum() == found.checksum()) {
        return new SimReplica(
            WorkerId.FOLLOWER, node, false, this, step, found.checksum(), found.digest());
      }
    }
    return new SimReplica(WorkerId.FOLLOWER, node, false, this, origin.step(), 0, 1);
  }

  private void misfortune() {
    if (world.chance(chaos.crashesPerSecond() / 10)) {
      int victim = world.random.nextInt(slots.size() + 1);
      if (victim == slots.size()) {
        coordinators.forEach(SimCoordinator::die);
        world.later(0.2 + world.random.nextDouble() * 2, this::startCoordinator);
      } else {
        kill(victim);
        world.later(
            world.random.nextDouble() * 3,
            () -> {
              kill(victim);
              startWorker(victim);
            });
      }
    }
    if (world.chance(chaos.cutsPerSecond() / 10)) {
      List<String> nodes = new ArrayList<>(coordinatorNodes);
      workers.values().forEach(worker -> nodes.add(worker.node));
      world.cut(nodes);
    }
    if (world.chance(chaos.coordinatorsPerSecond() / 10)) {
      startCoordinator();
    }
  }

  private void kill(int slot) {
    workers.get(slots.get(slot)).alive = false;
  }

  /** All is well from now on: nobody is dead, nothing is lost, one coordinator is left. */
  private void calmDown() {
    world.heal();
    for (int slot : List.copyOf(slots.keySet())) {
      if (!workers.get(slots.get(slot)).alive) {
        startWorker(slot);
      }
    }
    if (coordinators.stream().noneMatch(c -> c.completed)) {
      startCoordinator();
    }
  }

  /** Runs to the end of the training. */
  void run() {
    for (int events = 0; events < MAX_EVENTS; events++) {
      if (coordinators.stream().anyMatch(c -> c.completed)) {
        return;
      }
      SimCoordinator last = coordinators.get(coordinators.size() - 1);
      if (world.now() > (chaos.seconds() + CALM_SECONDS) * 1e9 || !world.advance()) {
        throw new AssertionError(
            "Liveness: step "
                + log.step()
                + " of "
                + limits.steps()
                + ", phase "
                + last.state().phase()
                + ", failure '"
                + last.failure
                + "', "
                + SimulationAccess.describe(last.state())
                + ", "
                + workers.values().stream().map(w -> w.state().toString()).toList());
      }
      if (world.isCalm() && !last.alive && !last.completed) {
        startCoordinator();
      }
    }
    throw new AssertionError("Liveness: more than " + MAX_EVENTS + " events");
  }

  double crashAfterAppend() {
    return world.isCalm() ? 0 : Math.min(0.2, chaos.crashesPerSecond() / 10);
  }

  void checkCommit(SimCoordinator coordinator, HistoryRecord record) {
    if (record instanceof HistoryRecord.Committed) {
      assertThat(SimulationAccess.contributors(coordinator.state()))
          .as("NoCommitBelowMinWorkers")
          .isGreaterThanOrEqualTo(limits.minWorkers());
    }
  }

  /** The log has taken a commit: all participants hold its mean, or are gone. */
  void checkPrepared(SimCoordinator coordinator, HistoryRecord record) {
    if (record instanceof HistoryRecord.Committed commit) {
      for (Member member : SimulationAccess.participants(coordinator.state())) {
        SimReplica replica = replica(member.worker(), member.endpoint().node(), coordinator);
        if (replica != null && coordinator.knows(replica)) {
          assertThat(replica.state().prepared())
              .as("AllPreparedAtCommit: %s at %s", replica.id, commit.key())
              .contains(new Prepared(commit.key(), commit.checksum()));
        }
      }
    }
  }

  void computed(WorkerId worker, StepNumber step, SampleRange range) {
    if (!computedOnce.add(
        System.identityHashCode(workers.get(worker)) + " " + step + " " + range)) {
      computedAgain++;
    }
  }

  List<SimReplica> liveReplicas() {
    return workers.values().stream().filter(worker -> worker.alive).toList();
  }

  SimReplica replica(WorkerId id, String node, SimCoordinator asking) {
    SimReplica found = id.equals(WorkerId.FOLLOWER) ? asking.follower() : workers.get(id);
    return found != null && found.alive && found.node.equals(node) ? found : null;
  }

  void sendFrame(SimReplica from, Member to, String frame, long gradient) {
    Optional<SimReplica> receiver =
        to.worker().equals(WorkerId.FOLLOWER)
            ? coordinators.stream()
                .filter(c -> c.alive && c.node.equals(to.endpoint().node()))
                .map(SimCoordinator::follower)
                .findFirst()
            : Optional.ofNullable(workers.get(to.worker()));
    receiver.ifPresent(
        replica ->
            world.send(from.node, replica.node, () -> replica.receiveFrame(frame, gradient)));
  }

  /** A snapshot from any donor that can be reached; donors must agree. */
  Long snapshotOf(SimReplica joiner, List<Member> donors, StepNumber step) {
    Long found = null;
    for (Member donor : donors) {
      for (SimCoordinator coordinator : coordinators) {
        SimReplica replica = replica(donor.worker(), donor.endpoint().node(), coordinator);
        if (replica != null && world.canReach(joiner.node, replica.node)) {
          Long offered = replica.offeredAt(step);
          if (offered != null) {
            assertThat(found == null || found.equals(offered)).as("donors agree").isTrue();
            found = offered;
          }
        }
      }
    }
    return found;
  }
}
