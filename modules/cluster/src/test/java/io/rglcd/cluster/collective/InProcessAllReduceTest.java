package io.rglcd.cluster.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.FakeReplica;
import io.rglcd.cluster.dataplane.SumOfNeighbours;
import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.tensor.TensorBuffers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InProcessAllReduceTest {

  private static final int P = (int) FakeReplica.PARAMETERS;

  @Property(tries = 40)
  void meanIsTheSumOfNeighboursWhoeverComputedAndAdded(
      @ForAll @IntRange(min = 1, max = 4) int members,
      @ForAll @IntRange(min = 1, max = 9) int microBatches,
      @ForAll long seed) {
    Random random = new Random(seed);
    float[][] gradients = new float[microBatches][P];
    List<MicroBatchWeight> weights = new ArrayList<>();
    for (int i = 0; i < microBatches; i++) {
      for (int p = 0; p < P; p++) {
        gradients[i][p] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3));
      }
      weights.add(new MicroBatchWeight(i, 1 + random.nextInt(7), WorkerId.ofDevice(0)));
    }
    assertThat(reduce(members, gradients, weights, random)).isEqualTo(expected(gradients, weights));
  }

  private static float[] expected(float[][] gradients, List<MicroBatchWeight> weights) {
    int total = weights.stream().mapToInt(MicroBatchWeight::samples).sum();
    float[][] parts = new float[gradients.length][P];
    for (int i = 0; i < parts.length; i++) {
      for (int p = 0; p < P; p++) {
        parts[i][p] = gradients[i][p] * (float) (weights.get(i).samples() / (double) total);
      }
    }
    return SumOfNeighbours.of(parts);
  }

  private static float[] reduce(
      int members, float[][] gradients, List<MicroBatchWeight> weights, Random random) {
    try (InProcessAllReduce allReduce = new InProcessAllReduce();
        FakeReplica replica = new FakeReplica()) {
      List<GradientBuffers> buffers = new ArrayList<>();
      List<SliceOwner> slices = new ArrayList<>();
      for (int m = 0; m < members; m++) {
        buffers.add(allReduce.join(WorkerId.ofDevice(m), replica));
        long start = (long) P * m / members;
        slices.add(
            new SliceOwner(WorkerId.ofDevice(m), start, (long) P * (m + 1) / members - start));
      }
      for (int i = 0; i < gradients.length; i++) {
        NDArray gradient = buffers.get(random.nextInt(members)).take(replica);
        fill(gradient, gradients[i]);
        allReduce.publish(key(1, 0), i, gradient);
      }
      Reduce order = new Reduce(key(1, 0), weights, slices, List.of(), List.of());
      for (int m = 0; m < members; m++) {
        assertThat(allReduce.reduced(order.key()).toCompletableFuture()).isNotDone();
        allReduce.reduce(order, WorkerId.ofDevice(m));
      }
      assertThat(allReduce.reduced(order.key()).toCompletableFuture()).isDone();
      long first = allReduce.gather(key(1, 0), buffers.get(0).mean(replica));
      for (GradientBuffers member : buffers) {
        assertThat(allReduce.gather(key(1, 0), member.mean(replica))).isEqualTo(first);
      }
      return buffers.get(members - 1).mean(replica).toFloatArray();
    }
  }

  @Test
  void olderAttemptIsNeverAdded() {
    try (InProcessAllReduce allReduce = new InProcessAllReduce();
        FakeReplica replica = new FakeReplica()) {
      WorkerId worker = WorkerId.ofDevice(0);
      GradientBuffers buffers = allReduce.join(worker, replica);
      NDArray gradient = buffers.take(replica);
      allReduce.publish(key(2, 1), 0, gradient);
      allReduce.publish(key(2, 0), 1, gradient);
      allReduce.publish(key(1, 7), 2, gradient);
      allReduce.reduce(order(key(2, 0), 1), worker);
      assertThat(allReduce.reduced(key(2, 0)).toCompletableFuture()).isNotDone();
      assertThatThrownBy(() -> allReduce.reduce(order(key(2, 1), 2), worker))
          .hasMessageContaining("gradient of micro-batch 2 is missing");
      allReduce.reduce(order(key(2, 1), 0), worker);
      assertThat(allReduce.reduced(key(2, 1)).toCompletableFuture()).isDone();
      allReduce.publish(key(3, 0), 0, gradient);
      assertThatThrownBy(() -> allReduce.gather(key(2, 1), buffers.mean(replica)))
          .hasMessageContaining("is gone");
    }
  }

  @Test
  void missingGradientIsNamed() {
    try (InProcessAllReduce allReduce = new InProcessAllReduce();
        FakeReplica replica = new FakeReplica()) {
      WorkerId worker = WorkerId.ofDevice(0);
      allReduce.join(worker, replica);
      assertThatThrownBy(() -> allReduce.reduce(order(key(1, 0), 3), worker))
          .hasMessageContaining("gradient of micro-batch 3 is missing");
    }
  }

  private static Reduce order(StepKey key, int microBatch) {
    return new Reduce(
        key,
        List.of(new MicroBatchWeight(microBatch, 1, WorkerId.ofDevice(0))),
        List.of(new SliceOwner(WorkerId.ofDevice(0), 0, P)),
        List.of(),
        List.of());
  }

  private static void fill(NDArray gradient, float[] values) {
    ByteBuffer bytes = TensorBuffers.alias(gradient);
    for (int p = 0; p < P; p++) {
      bytes.putFloat(4 * p, values[p]);
    }
  }

  private static StepKey key(long step, long attempt) {
    return new StepKey(new Term(1), new Generation(1), new StepNumber(step), new Attempt(attempt));
  }
}
