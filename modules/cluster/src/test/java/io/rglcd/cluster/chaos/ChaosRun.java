package io.rglcd.cluster.chaos;

import io.rglcd.cluster.network.Namespaces;
import io.rglcd.cluster.node.NodeProcess;
import io.rglcd.cluster.node.Place;
import io.rglcd.cluster.node.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A run of real processes under a schedule of faults. */
final class ChaosRun implements AutoCloseable {

  /** Coordinators among the nodes. */
  static final int COORDINATORS = 3;

  private static final Duration STANDSTILL = Duration.ofMinutes(2);
  private static final Duration RECOVERY = Duration.ofSeconds(45);
  private static final long GRADIENT_MILLIS = 200;

  private final TestCluster cluster;
  private final long steps;
  private final Optional<Namespaces> network;
  private final Consumer<String> out;
  private final Crew crew;
  private final CommitClock clock;
  private long begun = System.nanoTime();
  private long faults;

  /**
   * Starts the nodes.
   *
   * @param output directory of the run
   * @param nodes coordinators and workers
   * @param network with a machine for each node; all on this one if empty
   * @param out is told each fault
   */
  ChaosRun(Path output, int nodes, long steps, Optional<Namespaces> network, Consumer<String> out) {
    this.steps = steps;
    this.network = network;
    this.out = out;
    List<Place> places =
        IntStream.range(0, nodes)
            .mapToObj(i -> network.map(n -> n.place(i)).orElse(Place.HERE))
            .toList();
    this.cluster = new TestCluster(output, places.subList(0, COORDINATORS), steps, GRADIENT_MILLIS);
    this.clock = new CommitClock(output.resolve("log"), System::nanoTime);
    this.crew = new Crew(cluster, COORDINATORS, places.subList(COORDINATORS, nodes));
  }

  /** Steps that take about so long, disturbed or not. */
  static long stepsFor(Duration length) {
    return Math.max(20, length.toSeconds() * 3 / 2);
  }

  /**
   * Lets the schedule happen, then the run end.
   *
   * @param undisturbed the last checkpoint of the same run without faults
   */
  Verdict run(Schedule schedule, Path undisturbed) throws Exception {
    while (cluster.step() < 2 && clock.quiet().compareTo(STANDSTILL) < 0) {
      waitUntil(elapsed().plusSeconds(1));
    }
    begun = System.nanoTime();
    for (Fault fault : schedule.faults()) {
      awaitCommitSince(elapsed());
      waitUntil(fault.at());
      crew.look(this::isOver);
      if (isOver() || elapsed().compareTo(schedule.length()) > 0) {
        break;
      }
      out.accept("step " + cluster.step() + ": " + fault);
      inject(fault);
      faults++;
    }
    while (!isOver() && clock.quiet().compareTo(STANDSTILL) < 0) {
      waitUntil(elapsed().plusSeconds(1));
      crew.look(this::isOver);
    }
    if (isOver()) {
      crew.awaitEnd();
    } else {
      crew.surprise("nothing was committed for " + STANDSTILL + " after step " + cluster.step());
    }
    return new Evidence(cluster, undisturbed, isOver())
        .verdict(steps, faults, crew.kills(), crew.surprises(), clock.recoveries());
  }

  /** Lets the run get over the last fault, but not for ever. */
  private void awaitCommitSince(Duration repaired) {
    clock.look();
    Duration limit = repaired.plus(RECOVERY);
    while (clock.quiet().compareTo(elapsed().minus(repaired)) > 0
        && elapsed().compareTo(limit) < 0) {
      waitUntil(elapsed().plusMillis(100));
    }
  }

  private void inject(Fault fault) {
    int worker = fault.worker();
    int coordinator = fault.coordinator();
    switch (fault.kind()) {
      case KILL_WORKER -> {
        clock.killed();
        crew.killWorker(worker);
        waitUntil(fault.until());
        crew.startWorker(worker);
      }
      case KILL_COORDINATOR -> {
        clock.killed();
        crew.killCoordinator(coordinator);
        waitUntil(fault.until());
        crew.startCoordinator(coordinator);
      }
      case KILL_ALL_COORDINATORS -> {
        clock.killed();
        crew.killCoordinators();
        waitUntil(fault.until());
        crew.startCoordinators();
      }
      case REPLACE_WORKER -> crew.replaceWorker(worker);
      case REPLACE_COORDINATOR -> crew.replaceCoordinator(coordinator);
      case STOP_WORKER -> stop(crew.worker(worker), fault.until());
      case STOP_COORDINATOR -> stop(crew.coordinator(coordinator), fault.until());
      case CUT_OFF -> {
        network.orElseThrow().cutOff(coordinator, COORDINATORS + worker);
        waitUntil(fault.until());
        network.orElseThrow().heal(coordinator, COORDINATORS + worker);
      }
    }
  }

  private void stop(NodeProcess node, Duration until) {
    node.signal("STOP");
    waitUntil(until);
    node.signal("CONT");
  }

  private boolean isOver() {
    return cluster.isOver();
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Watches the log until a time has come or the run is over. */
  private void waitUntil(Duration time) {
    try {
      while (elapsed().compareTo(time) < 0 && !isOver()) {
        clock.look();
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
