package io.rglcd.cluster.collective;

import ai.djl.ndarray.NDArray;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The gradient memory of one member: as many vectors [P] as it has micro-batches in a step, and one
 * for the mean. All on the CPU, where they are added and sent, wherever the member computes: it
 * copies its gradients there itself. Used by the member's thread only.
 */
public final class GradientBuffers {

  private final Scope scope;
  private final List<NDArray> all = new ArrayList<>();
  private final Deque<NDArray> free = new ArrayDeque<>();
  private NDArray mean;

  GradientBuffers(Scope scope) {
    this.scope = scope;
  }

  /** A vector that nobody uses. */
  public NDArray take(Replica replica) {
    NDArray buffer = free.poll();
    if (buffer == null) {
      buffer = replica.newGradient(scope);
      all.add(buffer);
    }
    return buffer;
  }

  /** Gives a vector back. */
  public void free(NDArray buffer) {
    free.push(buffer);
  }

  /** The member's copy of the mean gradient. */
  public NDArray mean(Replica replica) {
    if (mean == null) {
      mean = replica.newGradient(scope);
    }
    return mean;
  }

  void freeAll() {
    free.clear();
    free.addAll(all);
  }
}
