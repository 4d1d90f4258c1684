package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.protocol.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The order in which contributions are added: neighbours first, then neighbouring sums of two, of
 * four and so on, a binary tree over their places that is the same whoever holds what. A node that
 * holds all of a subtree can add it before it travels, and the whole sum is the same to the last
 * bit.
 */
final class AdditionOrder {

  private final List<Contribution> contributions;
  private final Map<Integer, Part> partByFirst = new HashMap<>();
  private final List<Part> parts = new ArrayList<>();

  /**
   * What travels as one: a contribution as it is, or a weighted sum of several.
   *
   * @param index the micro-batch of the first of them
   * @param first its place among the contributions
   * @param end the place after the last of them
   */
  record Part(int index, int first, int end, Endpoint holder) {

    /** Whether it is a weighted sum, not a contribution as it is. */
    boolean isSum() {
      return end - first > 1;
    }
  }

  /**
   * One operation on a stack of sums.
   *
   * @param index the micro-batch that names its operand; {@link #MERGE} to add the topmost sum to
   *     the one below
   * @param weight of the operand
   * @param adds to the topmost sum, else begins a new one
   */
  record Step(int index, float weight, boolean adds) {

    static final int MERGE = -1;

    boolean merges() {
      return index == MERGE;
    }
  }

  /**
   * The order of a plan's contributions.
   *
   * @param sumsTravel whether nodes add what they hold; not where numbers are rounded on their way,
   *     since the rounding would then depend on who holds what
   */
  AdditionOrder(List<Contribution> contributions, boolean sumsTravel) {
    this.contributions = contributions;
    if (!contributions.isEmpty()) {
      collect(0, contributions.size(), sumsTravel);
    }
  }

  private void collect(int first, int end, boolean sumsTravel) {
    Contribution head = contributions.get(first);
    boolean together =
        sumsTravel
            && contributions.subList(first, end).stream()
                .allMatch(c -> c.holder().equals(head.holder()));
    if (together || end - first == 1) {
      Part part = new Part(head.index(), first, end, head.holder());
      partByFirst.put(first, part);
      parts.add(part);
    } else {
      int middle = middle(first, end);
      collect(first, middle, sumsTravel);
      collect(middle, end, sumsTravel);
    }
  }

  /** The left subtree is a full one. */
  private static int middle(int first, int end) {
    return first + Integer.highestOneBit(end - first - 1);
  }

  /** What travels, in order, that of all nodes. */
  List<Part> parts() {
    return parts;
  }

  /** What a node has to give. */
  List<Part> partsOf(Endpoint holder) {
    return parts.stream().filter(part -> part.holder().equals(holder)).toList();
  }

  /** How the holder adds up a part. */
  List<Step> stepsOf(Part part) {
    List<Step> steps = new ArrayList<>();
    append(steps, part.first(), part.end(), false, p -> false);
    return steps;
  }

  /** How a node adds up all: its own contributions and the parts of the others. */
  List<Step> stepsAt(Endpoint node) {
    List<Step> steps = new ArrayList<>();
    append(steps, 0, contributions.size(), false, part -> !part.holder().equals(node));
    return steps;
  }

  private void append(
      List<Step> steps, int first, int end, boolean adds, Predicate<Part> hasArrived) {
    Part part = partByFirst.get(first);
    if (part != null && part.isSum() && part.end() == end && hasArrived.test(part)) {
      steps.add(new Step(part.index(), 1, adds));
    } else if (end - first == 1) {
      Contribution one = contributions.get(first);
      steps.add(new Step(one.index(), one.weight(), adds));
    } else {
      int middle = middle(first, end);
      append(steps, first, middle, false, hasArrived);
      append(steps, middle, end, true, hasArrived);
      if (adds) {
        steps.add(new Step(Step.MERGE, 1, true));
      }
    }
  }
}
