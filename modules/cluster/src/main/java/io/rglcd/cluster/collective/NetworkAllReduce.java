package io.rglcd.cluster.collective;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.DataPlane;
import io.rglcd.cluster.dataplane.DataPlaneException;
import io.rglcd.cluster.dataplane.ReductionPlan;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import io.rglcd.cluster.dataplane.ReductionPlan.Slice;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * All-reduce between the members of several nodes, over the data plane. The members of this node
 * share one mean and are one receiver; the first of them to be told begins the node's part. The sum
 * is the in-process one's, to the last bit. Thread-safe.
 */
public final class NetworkAllReduce implements AllReduce {

  private final DataPlane plane;
  private final Scope scope = Scope.open(Device.cpu());
  private final Map<WorkerId, GradientBuffers> members = new HashMap<>();
  private final Map<Integer, NDArray> published = new HashMap<>();
  private NDArray mean;
  private StepKey publishedFor;
  private StepKey current;
  private CompletableFuture<StepKey> reduced = new CompletableFuture<>();

  /** All-reduce over an open data plane, which it does not close. */
  public NetworkAllReduce(DataPlane plane) {
    this.plane = plane;
  }

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
  public synchronized void publish(StepKey key, int index, NDArray gradient) {
    if (publishedFor == null || publishedFor.isOlderThan(key)) {
      published.clear();
      publishedFor = key;
    }
    if (publishedFor.equals(key)) {
      published.put(index, gradient);
    }
  }

  @Override
  public synchronized void reduce(Reduce order, WorkerId member) {
    if (current != null && !current.isOlderThan(order.key())) {
      return;
    }
    ReductionPlan plan = plan(order);
    Map<Integer, NDArray> mine =
        order.key().equals(publishedFor) ? Map.copyOf(published) : Map.of();
    for (Contribution contribution : plan.contributions()) {
      if (contribution.holder().equals(plane.endpoint())
          && !mine.containsKey(contribution.index())) {
        throw new IllegalStateException(
            order.key() + ": gradient of micro-batch " + contribution.index() + " is missing");
      }
    }
    current = order.key();
    CompletableFuture<StepKey> done = new CompletableFuture<>();
    reduced = done;
    plane
        .reduce(plan, mine, mean)
        .whenComplete(
            (result, failure) -> {
              if (failure == null) {
                done.complete(order.key());
              } else {
                done.completeExceptionally(failure);
              }
            });
  }

  private static ReductionPlan plan(Reduce order) {
    Map<WorkerId, Endpoint> where =
        Stream.concat(order.participants().stream(), order.observers().stream())
            .collect(Collectors.toMap(Member::worker, Member::endpoint));
    List<Slice> slices = new ArrayList<>();
    long elements = 0;
    for (SliceOwner slice : order.slices()) {
      slices.add(new Slice(where.get(slice.owner()), slice.start(), slice.length()));
      elements += slice.length();
    }
    long total = order.weights().stream().mapToLong(MicroBatchWeight::samples).sum();
    List<Contribution> contributions =
        order.weights().stream()
            .map(
                w ->
                    new Contribution(
                        w.index(), where.get(w.holder()), (float) (w.samples() / (double) total)))
            .toList();
    List<Endpoint> receivers =
        order.participants().stream().map(Member::endpoint).distinct().toList();
    List<Endpoint> followers =
        order.observers().stream()
            .map(Member::endpoint)
            .filter(node -> !receivers.contains(node))
            .distinct()
            .toList();
    return new ReductionPlan(order.key(), elements, slices, contributions, receivers, followers);
  }

  @Override
  public synchronized CompletionStage<StepKey> reduced(StepKey key) {
    return key.equals(current)
        ? reduced
        : CompletableFuture.failedFuture(
            new DataPlaneException(key + ": another attempt has begun"));
  }

  @Override
  public long gather(StepKey key, NDArray into) {
    requireCurrent(key);
    TensorBuffers.copy(mean, into);
    CRC32C crc = new CRC32C();
    TensorBuffers.forEachChunk(into, crc::update);
    requireCurrent(key);
    return crc.getValue();
  }

  private synchronized void requireCurrent(StepKey key) {
    if (!key.equals(current) || !reduced.isDone() || reduced.isCompletedExceptionally()) {
      throw new IllegalStateException("the mean gradient of " + key + " is gone");
    }
  }

  @Override
  public void cancel(StepKey key) {
    plane.abort(key);
  }

  @Override
  public void whenEnded(Consumer<String> told) {
    plane.whenEnded(told);
  }

  @Override
  public synchronized void close() {
    scope.close();
  }
}
