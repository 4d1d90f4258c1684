package io.rglcd.bench;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.collective.GradientBuffers;
import io.rglcd.cluster.collective.InProcessAllReduce;
import io.rglcd.cluster.protocol.MicroBatchWeight;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.SliceOwner;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts of a step called one after the other: gradients on a plain thread for each worker, the
 * same slices added, the mean copied to every replica and committed there, the follower's too. No
 * actors, messages or loading.
 */
final class DirectSteps implements AutoCloseable {

  private final InProcessAllReduce allReduce = new InProcessAllReduce();
  private final List<Member> workers = new ArrayList<>();
  private final List<Member> all = new ArrayList<>();

  private record Member(
      WorkerId id, ExecutorService thread, Replica replica, GradientBuffers buffers) {}

  DirectSteps(int workerCount, Supplier<Replica> replicas) {
    for (int i = 0; i < workerCount; i++) {
      workers.add(member(WorkerId.ofDevice(i), replicas));
    }
    all.addAll(workers);
    all.add(member(WorkerId.FOLLOWER, replicas));
  }

  private Member member(WorkerId id, Supplier<Replica> replicas) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    return CompletableFuture.supplyAsync(
            () -> {
              Torch.prepareThread();
              Replica replica = replicas.get();
              return new Member(id, thread, replica, allReduce.join(id, replica));
            },
            thread)
        .join();
  }

  /**
   * Does a step with one micro-batch for each worker.
   *
   * @param key names it; newer than all before
   */
  CommitResult step(StepKey key, List<MicroBatch> batches) {
    List<MicroBatchWeight> weights = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      weights.add(new MicroBatchWeight(i, batches.get(i).size(), workers.get(i).id()));
    }
    List<NDArray> used =
        onEach(
            workers,
            member -> {
              int index = workers.indexOf(member);
              NDArray buffer = member.buffers().take(member.replica());
              member.replica().gradient(batches.get(index), buffer);
              allReduce.publish(key, index, buffer);
              return buffer;
            });
    Reduce order = new Reduce(key, weights, slices(), List.of(), List.of());
    onEach(
        workers,
        member -> {
          allReduce.reduce(order, member.id());
          return key;
        });
    onEach(all, member -> allReduce.gather(key, member.buffers().mean(member.replica())));
    List<CommitResult> results =
        onEach(all, member -> member.replica().commit(member.buffers().mean(member.replica())));
    for (int i = 0; i < used.size(); i++) {
      workers.get(i).buffers().free(used.get(i));
    }
    return results.get(0);
  }

  private List<SliceOwner> slices() {
    long parameters = workers.get(0).replica().parameterCount();
    List<SliceOwner> slices = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      long start = parameters * i / workers.size();
      long end = parameters * (i + 1) / workers.size();
      slices.add(new SliceOwner(workers.get(i).id(), start, end - start));
    }
    return slices;
  }

  private static <T> List<T> onEach(List<Member> members, Function<Member, T> part) {
    List<CompletableFuture<T>> parts =
        members.stream()
            .map(m -> CompletableFuture.supplyAsync(() -> part.apply(m), m.thread()))
            .toList();
    return parts.stream().map(CompletableFuture::join).toList();
  }

  @Override
  public void close() {
    for (Member member : all) {
      CompletableFuture.runAsync(member.replica()::close, member.thread()).join();
      member.thread().shutdown();
    }
    allReduce.close();
  }
}
