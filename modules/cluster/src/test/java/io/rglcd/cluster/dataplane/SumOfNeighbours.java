package io.rglcd.cluster.dataplane;

import java.util.ArrayList;
import java.util.List;

/** The order of addition once more, level by level, as tests expect it. */
public final class SumOfNeighbours {

  private SumOfNeighbours() {}

  /** Adds vectors of one length; the last of an odd number goes up a level as it is. */
  public static float[] of(float[]... vectors) {
    List<float[]> level = List.of(vectors);
    while (level.size() > 1) {
      List<float[]> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        next.add(i + 1 < level.size() ? sum(level.get(i), level.get(i + 1)) : level.get(i));
      }
      level = next;
    }
    return level.get(0);
  }

  private static float[] sum(float[] left, float[] right) {
    float[] sum = new float[left.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[i] + right[i];
    }
    return sum;
  }
}
