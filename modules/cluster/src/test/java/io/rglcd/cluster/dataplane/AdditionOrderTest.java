package io.rglcd.cluster.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.dataplane.AdditionOrder.Part;
import io.rglcd.cluster.dataplane.AdditionOrder.Step;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.protocol.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdditionOrderTest {

  private static Endpoint node(int number) {
    return new Endpoint("node-" + number, "host", 1);
  }

  /** Contributions of nodes by number, with the weights 1, 2, 3 and so on. */
  private static List<Contribution> heldBy(int... holders) {
    List<Contribution> contributions = new ArrayList<>();
    for (int i = 0; i < holders.length; i++) {
      contributions.add(new Contribution(i, node(holders[i]), i + 1f));
    }
    return contributions;
  }

  private static List<String> parts(List<Contribution> contributions, boolean sumsTravel) {
    return new AdditionOrder(contributions, sumsTravel)
        .parts().stream()
            .map(part -> part.holder().node() + " " + part.first() + "-" + (part.end() - 1))
            .toList();
  }

  @Test
  void neighboursOfOneNodeTravelAsOne() {
    assertThat(parts(heldBy(0, 0, 0, 0, 1, 1, 1, 1), true))
        .containsExactly("node-0 0-3", "node-1 4-7");
    assertThat(parts(heldBy(0, 0, 0, 0, 0), true)).containsExactly("node-0 0-4");
    assertThat(parts(heldBy(0, 0, 0, 1, 1, 1), true))
        .as("only whole subtrees")
        .containsExactly("node-0 0-1", "node-0 2-2", "node-1 3-3", "node-1 4-5");
  }

  @Test
  void nothingIsAddedBeforeItTravelsWhereNumbersAreRounded() {
    assertThat(parts(heldBy(0, 0, 1), false))
        .containsExactly("node-0 0-0", "node-0 1-1", "node-1 2-2");
  }

  @Property
  void sumIsThatOfNeighboursWhoeverHoldsWhat(
      @ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll @IntRange(min = 1, max = 5) int nodes,
      @ForAll boolean sumsTravel,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Contribution> contributions = heldBy(random.ints(count, 0, nodes).sorted().toArray());
    float[][] weighted = new float[count][1];
    Map<Integer, Float> gradients = new HashMap<>();
    for (int i = 0; i < count; i++) {
      gradients.put(i, (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3)));
      weighted[i][0] = gradients.get(i) * contributions.get(i).weight();
    }
    AdditionOrder order = new AdditionOrder(contributions, sumsTravel);
    for (int owner = 0; owner <= nodes; owner++) {
      Map<Integer, Float> operands = new HashMap<>();
      for (Part part : order.parts()) {
        if (part.holder().equals(node(owner))) {
          for (int i = part.first(); i < part.end(); i++) {
            operands.put(i, gradients.get(i));
          }
        } else {
          operands.put(
              part.index(),
              part.isSum() ? sum(order.stepsOf(part), gradients) : gradients.get(part.index()));
        }
      }
      assertThat(sum(order.stepsAt(node(owner)), operands))
          .isEqualTo(SumOfNeighbours.of(weighted)[0]);
    }
  }

  private static float sum(List<Step> steps, Map<Integer, Float> operands) {
    Deque<Float> sums = new ArrayDeque<>();
    for (Step step : steps) {
      float operand = step.merges() ? sums.pop() : operands.get(step.index()) * step.weight();
      sums.push(step.adds() ? sums.pop() + operand : operand);
    }
    assertThat(sums).hasSize(1);
    return sums.pop();
  }
}
