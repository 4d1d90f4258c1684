package io.rglcd.cluster.downing;

import java.time.Duration;
import java.util.Set;

/**
 * The side decides where as many coordinators as the quorum see each other, soon. A side without a
 * quorum gives up whom it has not reached for long, and waits: nobody new can take the place of one
 * who is neither there nor given up, not even a coordinator that comes back.
 *
 * <table>
 * <caption>What a node does</caption>
 * <tr><th>coordinators seen</th><th>mandate</th><th>a coordinator gives up</th>
 *     <th>others give up</th></tr>
 * <tr><td>the quorum</td><td>GIVEN</td><td>whom it misses for stableAfter</td><td>nobody</td></tr>
 * <tr><td>fewer</td><td>DENIED</td><td>whom it misses {@link #PATIENCE} times longer</td>
 *     <td>the same</td></tr>
 * </table>
 *
 * @param <M> a member
 */
public final class StaticQuorum<M> implements DowningPolicy<M> {

  private final int quorum;
  private final boolean coordinator;
  private final Duration stableAfter;
  private final Absences<M> absences = new Absences<>();

  /**
   * A policy that has seen nothing yet.
   *
   * @param quorum coordinators that must see each other
   * @param coordinator whether this node is one of them
   * @param stableAfter how long a member must be unreachable without a break
   */
  public StaticQuorum(int quorum, boolean coordinator, Duration stableAfter) {
    this.quorum = quorum;
    this.coordinator = coordinator;
    this.stableAfter = stableAfter;
  }

  @Override
  public Verdict<M> look(Sight<M> sight, long now) {
    absences.note(sight.lost(), now);
    boolean decided = mandate(sight) == Mandate.GIVEN;
    if (decided && !coordinator) {
      return Verdict.giveUp(Set.of());
    }
    Duration patience = decided ? stableAfter : stableAfter.multipliedBy(PATIENCE);
    return Verdict.giveUp(absences.lostFor(patience, sight.lost(), now));
  }

  @Override
  public Mandate mandate(Sight<M> sight) {
    return sight.coordinators().size() >= quorum ? Mandate.GIVEN : Mandate.DENIED;
  }
}
