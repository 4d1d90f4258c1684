package io.rglcd.cluster.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** Virtual time and the network between nodes. */
final class World {

  private record Timed(long at, long number, Runnable action) {}

  private static final long MILLI = 1_000_000;

  final Random random;
  private final Chaos chaos;
  private final PriorityQueue<Timed> queue =
      new PriorityQueue<>(Comparator.comparingLong(Timed::at).thenComparingLong(Timed::number));
  private final Set<String> cutOff = new HashSet<>();
  private long now;
  private long number;

  World(Random random, Chaos chaos) {
    this.random = random;
    this.chaos = chaos;
  }

  long now() {
    return now;
  }

  boolean isCalm() {
    return now >= chaos.seconds() * 1e9;
  }

  void later(double seconds, Runnable action) {
    queue.add(new Timed(now + (long) (seconds * 1e9), number++, action));
  }

  /** Runs the next thing; false if there is nothing. */
  boolean advance() {
    Timed next = queue.poll();
    if (next == null) {
      return false;
    }
    now = Math.max(now, next.at());
    next.action().run();
    return true;
  }

  boolean canReach(String from, String to) {
    return from.equals(to) || cutOff.contains(from) == cutOff.contains(to);
  }

  /** Carries a message, or not, or twice. */
  void send(String from, String to, Runnable delivery) {
    if (!isCalm() && !from.equals(to) && chance(chaos.drop())) {
      return;
    }
    int copies = !isCalm() && chance(chaos.twice()) ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      double seconds =
          from.equals(to)
              ? 0
              : !isCalm() && chance(chaos.slow())
                  ? random.nextDouble() * 5
                  : random.nextInt(20) / 1e3;
      later(
          seconds,
          () -> {
            if (canReach(from, to)) {
              delivery.run();
            }
          });
    }
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** Cuts some nodes off for a while. */
  void cut(List<String> nodes) {
    List<String> some = new ArrayList<>(nodes);
    some.removeIf(node -> random.nextBoolean());
    cutOff.clear();
    cutOff.addAll(some);
    later(0.5 + random.nextDouble() * 4, cutOff::clear);
  }

  void heal() {
    cutOff.clear();
  }

  long nanos() {
    return now + MILLI;
  }
}
