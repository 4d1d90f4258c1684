package io.rglcd.cluster.chaos;

import io.rglcd.cluster.node.NodeProcess;
import io.rglcd.cluster.node.Place;
import io.rglcd.cluster.node.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The nodes of a run, each on its place, and what is done to them. */
final class Crew {

  private final TestCluster cluster;
  private final List<Place> workerPlaces;
  private final List<NodeProcess> coordinators = new ArrayList<>();
  private final List<NodeProcess> workers = new ArrayList<>();
  private final List<NodeProcess> leaving = new ArrayList<>();
  private final List<String> surprises = new ArrayList<>();
  private long kills;

  Crew(TestCluster cluster, int coordinatorCount, List<Place> workerPlaces) {
    this.cluster = cluster;
    this.workerPlaces = workerPlaces;
    for (int i = 0; i < coordinatorCount; i++) {
      coordinators.add(cluster.coordinator(i));
    }
    workerPlaces.forEach(place -> workers.add(cluster.worker(place)));
  }

  NodeProcess worker(int number) {
    return workers.get(number);
  }

  NodeProcess coordinator(int number) {
    return coordinators.get(number);
  }

  void killWorker(int number) {
    workers.get(number).kill();
    kills++;
  }

  void killCoordinator(int number) {
    coordinators.get(number).kill();
    kills++;
  }

  void killCoordinators() {
    for (int i = 0; i < coordinators.size(); i++) {
      killCoordinator(i);
    }
  }

  void startWorker(int number) {
    workers.set(number, cluster.worker(workerPlaces.get(number)));
  }

  void startCoordinator(int number) {
    coordinators.set(number, cluster.coordinator(number));
  }

  void startCoordinators() {
    for (int i = 0; i < coordinators.size(); i++) {
      startCoordinator(i);
    }
  }

  /** SIGTERM, and another at once. */
  void replaceWorker(int number) {
    workers.get(number).terminate();
    leaving.add(workers.get(number));
    startWorker(number);
  }

  /** SIGTERM, and the same again when its address is free. */
  void replaceCoordinator(int number) {
    coordinators.get(number).terminate();
    coordinators.get(number).exitCode();
    startCoordinator(number);
  }

  /** Notes nodes that have ended although nobody had ended them, and starts them again. */
  void look(BooleanSupplier isOver) {
    for (int i = 0; i < coordinators.size(); i++) {
      if (hasEnded("coordinator " + i, coordinators.get(i), isOver)) {
        startCoordinator(i);
      }
    }
    for (int i = 0; i < workers.size(); i++) {
      if (hasEnded("worker " + i, workers.get(i), isOver)) {
        startWorker(i);
      }
    }
  }

  private boolean hasEnded(String name, NodeProcess node, BooleanSupplier isOver) {
    if (node.isAlive() || isOver.getAsBoolean()) {
      return false;
    }
    surprises.add(name + " has ended: " + lastWord(node));
    return true;
  }

  /** Waits until all have ended by themselves; the run is over. */
  void awaitEnd() {
    List<NodeProcess> all = new ArrayList<>(coordinators);
    all.addAll(workers);
    all.addAll(leaving);
    for (NodeProcess node : all) {
      int code = node.exitCode();
      if (code != 0 && !(leaving.contains(node) && code == 143)) {
        surprises.add("a node has ended with " + code + ": " + lastWord(node));
      }
    }
  }

  private static String lastWord(NodeProcess node) {
    return node.said()
        .lines()
        .filter(line -> line.startsWith("failed ") || line.startsWith("ended "))
        .reduce((first, second) -> second)
        .orElse("no reason told");
  }

  void surprise(String sentence) {
    surprises.add(sentence);
  }

  List<String> surprises() {
    return surprises;
  }

  long kills() {
    return kills;
  }
}
