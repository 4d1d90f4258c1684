package io.rglcd.cluster.chaos;

import java.time.Duration;
import java.util.Locale;

/**
 * Something that goes wrong.
 *
 * @param kind of what
 * @param at since the beginning
 * @param lasting until it is repaired
 * @param worker that it happens to, from 0, where it happens to one
 * @param coordinator that it happens to, from 0, where it happens to one
 */
public record Fault(Kind kind, Duration at, Duration lasting, int worker, int coordinator) {

  /** What may go wrong. */
  public enum Kind {
    /** Kill -9 of a worker; another is started after a while. */
    KILL_WORKER,
    /** Kill -9 of a coordinator; it is started again after a while. */
    KILL_COORDINATOR,
    /** Kill -9 of all coordinators; they are started again after a while. */
    KILL_ALL_COORDINATORS,
    /** SIGTERM of a worker, and another in its place. */
    REPLACE_WORKER,
    /** SIGTERM of a coordinator, and the same again. */
    REPLACE_COORDINATOR,
    /** SIGSTOP of a worker, SIGCONT after a while. */
    STOP_WORKER,
    /** SIGSTOP of a coordinator, SIGCONT after a while. */
    STOP_COORDINATOR,
    /** A coordinator and a worker cannot reach the others for a while. */
    CUT_OFF;

    /** Whether a process is killed. */
    public boolean kills() {
      return this == KILL_WORKER || this == KILL_COORDINATOR || this == KILL_ALL_COORDINATORS;
    }
  }

  @Override
  public String toString() {
    String who =
        switch (kind) {
          case KILL_WORKER, REPLACE_WORKER, STOP_WORKER -> " " + worker;
          case KILL_COORDINATOR, REPLACE_COORDINATOR, STOP_COORDINATOR -> " " + coordinator;
          case KILL_ALL_COORDINATORS -> "";
          case CUT_OFF -> " coordinator " + coordinator + " and worker " + worker;
        };
    return String.format(
        Locale.ROOT,
        "%5.1f s  %s%s, %.1f s",
        at.toMillis() / 1e3,
        kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        who,
        lasting.toMillis() / 1e3);
  }

  /** When it is repaired, since the beginning. */
  public Duration until() {
    return at.plus(lasting);
  }
}
