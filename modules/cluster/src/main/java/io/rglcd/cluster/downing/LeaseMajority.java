package io.rglcd.cluster.downing;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The side decides whose coordinator gets a {@link Lease}, however few coordinators it has. Two
 * coordinators who miss none need no lease. Where some are lost, or where there is but one, it
 * stands for those who are not seen: the side that sees more than it misses asks first, and one
 * alone holds it for as long as it is alone.
 *
 * <table>
 * <caption>What a coordinator's node does</caption>
 * <tr><th>coordinators</th><th>the lease is</th><th>mandate</th><th>gives up</th><th>wishes</th>
 *     </tr>
 * <tr><td>several, none lost</td><td>anywhere</td><td>GIVEN</td>
 *     <td>whom it misses for stableAfter</td>
 *     <td>if held here: renewal, and release when as many are there as ever, and all others have
 *     learned what was decided with it, {@link #RELEASE_AFTER}</td></tr>
 * <tr><td>some lost, or one alone</td><td>held here</td><td>GIVEN</td>
 *     <td>whom it misses for stableAfter</td><td>renewal</td></tr>
 * <tr><td>some lost, or one alone</td><td>not known</td><td>OPEN</td>
 *     <td>who is no coordinator, late</td>
 *     <td>to take it: alone at once, else when they are lost for stableAfter, as a minority {@link
 *     #MINORITY} times later</td></tr>
 * <tr><td>some lost, or one alone</td><td>held by a coordinator that it sees</td><td>GIVEN</td>
 *     <td>who is no coordinator, late</td><td>as if not known</td></tr>
 * <tr><td>some lost, or one alone</td><td>held by anybody else</td><td>DENIED</td>
 *     <td>who is no coordinator, late</td><td>as if not known, for when the holder has died</td>
 *     </tr>
 * </table>
 *
 * <p>Late is {@link #PATIENCE} times stableAfter. Coordinators are given up with the lease only, or
 * by nodes that see none at all, who cannot drive: so a side that has not got it never takes itself
 * for the whole. Nodes that are no coordinators know nothing of the lease: GIVEN where they miss no
 * coordinator, OPEN where they miss some, DENIED where they see none.
 *
 * @param <M> a member
 */
public final class LeaseMajority<M> implements DowningPolicy<M> {

  /** A side that misses more coordinators than it sees asks so many times later. */
  static final int MINORITY = 2;

  /** Who was not given the lease asks again after so long. */
  static final Duration RETRY = Duration.ofSeconds(1);

  static final Duration RENEWAL = Lease.DURATION.dividedBy(3);

  /** So long after coordinators were given up, and noted so, all who live have learned of it. */
  static final Duration RELEASE_AFTER = Duration.ofSeconds(40);

  private static final int SEVERAL = 2;

  /** Whose side holds the lease. */
  private enum Owner {
    NOT_KNOWN,
    OURS,
    THEIRS
  }

  /**
   * Another holder.
   *
   * @param member empty if it is none of the members
   * @param since when it certainly held the lease
   */
  private record Foreign<M>(Optional<M> member, long since) {

    boolean isOneOf(Set<M> members) {
      return member.filter(members::contains).isPresent();
    }
  }

  private final boolean coordinator;
  private final Duration stableAfter;
  private final Absences<M> absences = new Absences<>();
  private OptionalLong heldSince = OptionalLong.empty();
  private Optional<Foreign<M>> foreign = Optional.empty();
  private OptionalLong wishedAt = OptionalLong.empty();
  private OptionalLong decidingAt = OptionalLong.empty();
  private int most;
  private volatile Owner owner = Owner.NOT_KNOWN;

  /**
   * A policy that has seen nothing yet.
   *
   * @param coordinator whether this node is one
   * @param stableAfter how long a member must be unreachable without a break
   */
  public LeaseMajority(boolean coordinator, Duration stableAfter) {
    this.coordinator = coordinator;
    this.stableAfter = stableAfter;
  }

  /** The lease is held here, since it was asked for at least. */
  public void held(long askedAt) {
    heldSince = OptionalLong.of(askedAt);
    foreign = Optional.empty();
  }

  /**
   * The lease is held by another.
   *
   * @param member empty if that is none of the members
   */
  public void heldBy(Optional<M> member, long askedAt) {
    heldSince = OptionalLong.empty();
    foreign = Optional.of(new Foreign<>(member, askedAt));
  }

  /** The lease is being given back. */
  public void released() {
    heldSince = OptionalLong.empty();
    decidingAt = OptionalLong.empty();
  }

  @Override
  public Verdict<M> look(Sight<M> sight, long now) {
    absences.note(sight.lost(), now);
    if (!coordinator) {
      return Verdict.giveUp(
          sight.coordinators().isEmpty() ? lostLong(sight.lost(), now) : Set.of());
    }
    most = Math.max(most, sight.coordinators().size());
    if (heldSince.isPresent() && isPast(heldSince, Lease.DURATION, now)) {
      heldSince = OptionalLong.empty();
    }
    if (heldSince.isPresent() && !sight.lostCoordinators().isEmpty()) {
      decidingAt = OptionalLong.of(now);
    }
    boolean needed = isNeeded(sight);
    foreign = foreign.filter(other -> needed && isCurrent(other, sight, now));
    owner = owner(sight);
    boolean decides = !needed || heldSince.isPresent();
    return new Verdict<>(
        decides
            ? absences.lostFor(stableAfter, sight.lost(), now)
            : lostLong(sight.otherLost(), now),
        wish(sight, now));
  }

  private static boolean isNeeded(Sight<?> sight) {
    return !sight.lostCoordinators().isEmpty() || sight.coordinators().size() < SEVERAL;
  }

  /** Whom we do not see may hold the lease for as long as we do not hear otherwise. */
  private boolean isCurrent(Foreign<M> other, Sight<M> sight, long now) {
    return !other.isOneOf(sight.coordinators())
        || !isPast(OptionalLong.of(other.since()), Lease.DURATION, now);
  }

  private Owner owner(Sight<M> sight) {
    if (heldSince.isPresent()) {
      return Owner.OURS;
    }
    return foreign
        .map(other -> other.isOneOf(sight.coordinators()) ? Owner.OURS : Owner.THEIRS)
        .orElse(Owner.NOT_KNOWN);
  }

  private Set<M> lostLong(Set<M> of, long now) {
    return absences.lostFor(stableAfter.multipliedBy(PATIENCE), of, now);
  }

  private Verdict.Wish wish(Sight<M> sight, long now) {
    boolean held = heldSince.isPresent();
    if (held && isDone(sight, now)) {
      return Verdict.Wish.RELEASE;
    }
    boolean due = held || (isNeeded(sight) && isTheTimeToAsk(sight, now));
    if (!due || !isPast(wishedAt, held ? RENEWAL : RETRY, now)) {
      return Verdict.Wish.NONE;
    }
    wishedAt = OptionalLong.of(now);
    return Verdict.Wish.TAKE;
  }

  /** Fewer coordinators than ever were there: those who are missing may come back cut off. */
  private boolean isDone(Sight<M> sight, long now) {
    return !isNeeded(sight)
        && sight.coordinators().size() >= most
        && isPast(decidingAt, RELEASE_AFTER, now);
  }

  private boolean isTheTimeToAsk(Sight<M> sight, long now) {
    if (sight.lostCoordinators().isEmpty()) {
      return true;
    }
    boolean minority = sight.coordinators().size() < sight.lostCoordinators().size();
    Duration patience = minority ? stableAfter.multipliedBy(MINORITY) : stableAfter;
    return !absences.lostFor(patience, sight.lostCoordinators(), now).isEmpty();
  }

  private static boolean isPast(OptionalLong since, Duration time, long now) {
    return since.isEmpty() || now - since.getAsLong() >= time.toNanos();
  }

  @Override
  public Mandate mandate(Sight<M> sight) {
    if (sight.coordinators().isEmpty()) {
      return Mandate.DENIED;
    }
    boolean needed = coordinator ? isNeeded(sight) : !sight.lostCoordinators().isEmpty();
    if (!needed) {
      return Mandate.GIVEN;
    }
    return switch (owner) {
      case OURS -> Mandate.GIVEN;
      case THEIRS -> Mandate.DENIED;
      case NOT_KNOWN -> Mandate.OPEN;
    };
  }
}
