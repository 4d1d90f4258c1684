package io.rglcd.cluster.downing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Coordinators that are cut into two sides which do not see each other, on a virtual clock: each
 * with its policy, one lease that may be slow or out of reach for some of them, and the members
 * that are noted beside the log, where who has been given up finds out.
 */
final class CutWorld {

  static final Duration STABLE = Duration.ofSeconds(3);

  private static final long MILLI = 1_000_000L;
  private static final long TICK = 250 * MILLI;
  private static final long NOTE = 1000 * MILLI;

  /** Before it all have seen each other, and noted it. */
  private static final long CUT = 2000 * MILLI;

  /** Something that happens; at equal times in the order of its making. */
  private record Event(long at, long number, Runnable action) {}

  private final Random random;
  private final List<Coordinator> coordinators = new ArrayList<>();
  private final Set<Integer> members = new TreeSet<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparing(Event::number));
  private Set<Integer> noted;
  private Optional<Integer> holder = Optional.empty();
  private long renewedAt;
  private long now;
  private long number;
  private double failing;

  CutWorld(int here, int there, Random random) {
    this.random = random;
    for (int i = 0; i < here + there; i++) {
      coordinators.add(new Coordinator(i, i < here));
      members.add(i);
    }
    noted = Set.copyOf(members);
  }

  /** One node; sides share what they see, as gossip does. */
  private final class Coordinator {

    private final int name;
    private final boolean here;
    private LeaseMajority<Integer> policy = new LeaseMajority<>(true, STABLE);
    private final long cutNoticedAt = CUT + millis(1000);
    private Set<Integer> lastNoted = Set.of();
    private boolean waiting;
    private boolean holds;
    private boolean dead;
    private boolean hasDecided;
    private boolean alone;

    private Coordinator(int name, boolean here) {
      this.name = name;
      this.here = here;
      at(millis(250), this::tick);
      at(millis(1000), this::note);
    }

    private Sight<Integer> sight() {
      if (alone) {
        return new Sight<>(Set.of(name), Set.of(), Set.of());
      }
      Set<Integer> near = new HashSet<>();
      Set<Integer> lost = new HashSet<>();
      for (Coordinator other : coordinators) {
        boolean seen = now < cutNoticedAt || (other.here == here && !other.dead);
        if (!givenUp(here).contains(other.name)) {
          (seen ? near : lost).add(other.name);
        }
      }
      return new Sight<>(near, lost, lost);
    }

    private void tick() {
      if (dead) {
        return;
      }
      Sight<Integer> sight = sight();
      Verdict<Integer> verdict = policy.look(sight, now);
      assertThat(sight.lost()).containsAll(verdict.givenUp());
      if (holds && !alone && now - cutNoticedAt >= STABLE.toNanos() + TICK && !anyRecentlyDead()) {
        assertThat(verdict.givenUp()).as("the holder resolves").isEqualTo(sight.lost());
      }
      hasDecided |=
          verdict.givenUp().stream().anyMatch(other -> coordinators.get(other).here != here);
      givenUp(here).addAll(verdict.givenUp());
      obey(verdict.wish());
      check();
      at(TICK, this::tick);
    }

    private boolean anyRecentlyDead() {
      return coordinators.stream().anyMatch(other -> other.dead && other.here == here);
    }

    private void obey(Verdict.Wish wish) {
      if (waiting || wish == Verdict.Wish.NONE) {
        return;
      }
      if (wish == Verdict.Wish.RELEASE) {
        policy.released();
        holds = false;
        at(millis(500), () -> holder = holder.filter(other -> other != name));
        return;
      }
      waiting = true;
      long askedAt = now;
      if (lastNoted.contains(name) && !noted.contains(name)) {
        answer(() -> policy.heldBy(Optional.empty(), askedAt));
      } else if (random.nextDouble() < failing) {
        answer(() -> holds &= now - askedAt < Lease.DURATION.toNanos());
      } else {
        at(millis(1000), () -> serve(askedAt));
      }
    }

    private void serve(long askedAt) {
      boolean free =
          holder.isEmpty() || holder.get() == name || now - renewedAt >= Lease.DURATION.toNanos();
      if (free) {
        holder = Optional.of(name);
        renewedAt = now;
        answer(
            () -> {
              policy.held(askedAt);
              holds = true;
            });
      } else {
        Optional<Integer> other = holder;
        holds = false;
        answer(() -> policy.heldBy(other, askedAt));
      }
    }

    private void answer(Runnable told) {
      at(
          millis(1000),
          () -> {
            waiting = false;
            told.run();
          });
    }

    /** As coordinators keep the members noted, where they may. */
    private void note() {
      Set<Integer> seen = new TreeSet<>(alone ? Set.of(name) : members);
      seen.removeAll(givenUp(here));
      if (!dead && policy.mandate(sight()) == Mandate.GIVEN && !seen.equals(lastNoted)) {
        noted = Set.copyOf(seen);
        lastNoted = seen;
      }
      at(NOTE, this::note);
    }
  }

  private final Set<Integer> givenUpHere = new HashSet<>();
  private final Set<Integer> givenUpThere = new HashSet<>();

  private Set<Integer> givenUp(boolean here) {
    return here ? givenUpHere : givenUpThere;
  }

  /** Of so many requests each fails. */
  CutWorld failing(double share) {
    failing = share;
    return this;
  }

  /** One of them dies at a time. */
  CutWorld killing(int name, Duration time) {
    at(time.toNanos(), () -> coordinators.get(name).dead = true);
    return this;
  }

  /** It comes back with nothing, still cut off, and founds a cluster of its own. */
  CutWorld founding(int name, Duration time) {
    at(
        time.toNanos(),
        () -> {
          Coordinator back = coordinators.get(name);
          back.policy = new LeaseMajority<>(true, STABLE);
          back.lastNoted = Set.of();
          back.holds = false;
          back.hasDecided = false;
          back.alone = true;
          back.dead = false;
          back.tick();
        });
    return this;
  }

  private long millis(int below) {
    return random.nextInt(below) * MILLI;
  }

  private void at(long delay, Runnable action) {
    events.add(new Event(now + delay, number++, action));
  }

  void run(Duration time) {
    while (events.peek().at() <= time.toNanos()) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
  }

  /** Whether a side has given the other one's coordinators up. */
  boolean decided(boolean here) {
    return coordinators.stream()
        .anyMatch(other -> other.here != here && givenUp(here).contains(other.name));
  }

  private boolean isAlive(boolean here) {
    return coordinators.stream().anyMatch(other -> other.here == here && !other.dead);
  }

  /** Where who has decided is dead the other side may decide anew, and leaves the rest waiting. */
  private boolean hasDecider(boolean here) {
    return coordinators.stream()
        .anyMatch(other -> other.here == here && !other.dead && other.hasDecided);
  }

  private boolean hasMandate(boolean here) {
    return coordinators.stream()
        .filter(other -> other.here == here && !other.dead && now >= other.cutNoticedAt + TICK)
        .anyMatch(other -> other.policy.mandate(other.sight()) == Mandate.GIVEN);
  }

  private void check() {
    if (isAlive(true) && isAlive(false)) {
      assertThat(hasDecider(true) && hasDecider(false)).as("both sides decide").isFalse();
      assertThat(hasMandate(true) && hasMandate(false)).as("both have the mandate").isFalse();
    }
  }
}
