package io.rglcd.cluster.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Faults one after the other, at random; the same seed gives the same. The next may come before the
 * cluster has got over the last one.
 *
 * @param length in all
 * @param faults in the order of time
 */
public record Schedule(Duration length, List<Fault> faults) {

  private static final Duration FIRST = Duration.ofSeconds(5);

  /** Copies the list. */
  public Schedule {
    faults = List.copyOf(faults);
  }

  /**
   * Draws a schedule.
   *
   * @param length all faults are repaired by then
   * @param cuts whether the network may be cut
   */
  public static Schedule of(
      long seed, Duration length, int workers, int coordinators, boolean cuts) {
    Random random = new Random(seed);
    List<Fault.Kind> kinds =
        Arrays.stream(Fault.Kind.values()).filter(k -> cuts || k != Fault.Kind.CUT_OFF).toList();
    List<Fault> faults = new ArrayList<>();
    Duration at = FIRST;
    while (true) {
      Fault next =
          new Fault(
              kinds.get(random.nextInt(kinds.size())),
              at,
              millis(random, 1_000, 12_000),
              random.nextInt(workers),
              random.nextInt(coordinators));
      if (next.until().compareTo(length) > 0) {
        return new Schedule(length, faults);
      }
      faults.add(next);
      at = next.until().plus(millis(random, 1_000, 6_000));
    }
  }

  private static Duration millis(Random random, int least, int most) {
    return Duration.ofMillis(random.nextInt(least, most));
  }
}
