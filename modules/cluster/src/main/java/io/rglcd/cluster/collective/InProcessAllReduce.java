package io.rglcd.cluster.collective;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import io.rglcd.tensor.TorchFunction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * All-reduce between the members of one process, by slices.
 *
 * <p>The mean of the micro-batch gradients g_i with n_i of N samples is
 *
 * <pre>{@code
 * m = sum_i g_i * (n_i / N)
 * }</pre>
 *
 * in float32, neighbours added first, then neighbouring sums of two, of four and so on; product and
 * sum rounded one by one (a fused multiply-add would round differently at the ends of a slice), so
 * that m does not depend on who computed a gradient, how many members there are, or where slices
 * begin.
 *
 * <p>Owns all gradient memory: a member that fails leaves its buffers valid for those who may still
 * read them. A buffer is written again only after its member was given a new attempt, and the mean
 * only after every member of that attempt has answered it, which it does not while it still works
 * on an older one.
 *
 * <p>Thread-safe; each member calls from its own thread.
 */
public final class InProcessAllReduce implements AllReduce {

  /** Elements that are added at a time: small enough for the cache. */
  private static final long CHUNK = 1L << 18;

  private static final TorchFunction ADD_CHUNK =
      TorchFunction.of(
          """
          def forward(self, mean: Tensor, gradients: List[Tensor], weights: Tensor, start: int,
                      length: int) -> List[Tensor]:
            sums = annotate(List[Tensor], [])
            for i in range(torch.len(gradients)):
              sum = torch.mul(torch.narrow(gradients[i], 0, start, length), weights[i])
              place = i
              while place % 2 == 1:
                sum = torch.add_(sums.pop(), sum)
                place = place // 2
              sums.append(sum)
            sum = sums.pop()
            while torch.len(sums) > 0:
              sum = torch.add_(sums.pop(), sum)
            torch.copy_(torch.narrow(mean, 0, start, length), sum)
            return annotate(List[Tensor], [])
          """);

  private final Scope scope = Scope.open(Device.cpu());
  private final Map<WorkerId, GradientBuffers> members = new HashMap<>();
  private NDArray mean;
  private Round round;

  @Override
  public synchronized GradientBuffers join(WorkerId member, Replica replica) {
    if (mean == null) {
      mean = replica.newGradient(scope);
    }
    GradientBuffers buffers =
        members.computeIfAbsent(member, m -> new GradientBuffers(scope.child()));
    buffers.freeAll();
    return buffers;
  }

  @Override
  public void publish(StepKey key, int index, NDArray gradient) {
    Round known = roundOf(key);
    if (known != null) {
      known.gradients().put(index, gradient);
    }
  }

  @Override
  public void reduce(Reduce order, WorkerId owner) {
    Round known = roundOf(order.key());
    if (known == null) {
      return;
    }
    try (Scope inner = Scope.open(Device.cpu())) {
      List<NDArray> gradients = new ArrayList<>();
      for (MicroBatchWeight weight : order.weights()) {
        NDArray gradient = known.gradients().get(weight.index());
        if (gradient == null) {
          throw new IllegalStateException(
              order.key() + ": gradient of micro-batch " + weight.index() + " is missing");
        }
        gradients.add(gradient);
      }
      NDArray weights = inner.create(shares(order.weights()));
      for (SliceOwner slice : order.slices()) {
        if (slice.owner().equals(owner)) {
          add(inner, gradients, weights, slice);
          known.added(slice.length());
        }
      }
    }
  }

  private void add(Scope inner, List<NDArray> gradients, NDArray weights, SliceOwner slice) {
    long end = slice.start() + slice.length();
    for (long start = slice.start(); start < end; start += CHUNK) {
      long length = Math.min(CHUNK, end - start);
      ADD_CHUNK.callAll(inner, mean, gradients, weights, start, length);
    }
  }

  private static float[] shares(List<MicroBatchWeight> weights) {
    long total = weights.stream().mapToLong(MicroBatchWeight::samples).sum();
    float[] shares = new float[weights.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (weights.get(i).samples() / (double) total);
    }
    return shares;
  }

  @Override
  public CompletionStage<StepKey> reduced(StepKey key) {
    Round known = roundOf(key);
    return known == null ? new Round(key, 1).done() : known.done();
  }

  /** Nothing is under way that a member would have to leave. */
  @Override
  public void cancel(StepKey key) {}

  @Override
  public long gather(StepKey key, NDArray into) {
    requireCurrent(key);
    TensorBuffers.copy(mean, into);
    CRC32C crc = new CRC32C();
    TensorBuffers.forEachChunk(into, crc::update);
    requireCurrent(key);
    return crc.getValue();
  }

  /** Who is not waited for may come too late: the mean may be another attempt's by now. */
  private synchronized void requireCurrent(StepKey key) {
    if (round == null || !round.key().equals(key)) {
      throw new IllegalStateException("the mean gradient of " + key + " is gone");
    }
  }

  /** The round of that attempt, made if it is newer than all before; null if it is older. */
  private synchronized Round roundOf(StepKey key) {
    if (round == null || round.key().isOlderThan(key)) {
      round = new Round(key, mean.size());
    }
    return round.key().equals(key) ? round : null;
  }

  /** All members are in this process. */
  @Override
  public void whenEnded(Consumer<String> told) {}

  @Override
  public synchronized void close() {
    scope.close();
  }
}
