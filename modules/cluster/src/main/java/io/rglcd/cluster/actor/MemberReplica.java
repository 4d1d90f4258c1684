package io.rglcd.cluster.actor;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.collective.GradientBuffers;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage.Applied;
import io.rglcd.cluster.protocol.CoordinatorMessage.MeanReady;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.Optional;

/** A member's replica with its copy of the mean gradient. Belongs to the member's thread. */
final class MemberReplica implements AutoCloseable {

  private final WorkerId id;
  private final NodeContext node;
  private final Replica replica;
  private final GradientBuffers buffers;
  private Optional<StepKey> gathered = Optional.empty();

  private MemberReplica(WorkerId id, NodeContext node, Replica replica) {
    this.id = id;
    this.node = node;
    this.replica = replica;
    this.buffers = node.allReduce().join(id, replica);
  }

  static MemberReplica open(WorkerId id, int device, NodeContext node) {
    Torch.prepareThread();
    Replica replica = node.replicas().create(id, device);
    try {
      node.start().checkpoint().ifPresent(replica::restore);
      return new MemberReplica(id, node, replica);
    } catch (RuntimeException e) {
      replica.close();
      throw e;
    }
  }

  Replica replica() {
    return replica;
  }

  StepNumber step() {
    return new StepNumber(replica.step());
  }

  NDArray takeBuffer() {
    return buffers.take(replica);
  }

  void freeBuffer(NDArray buffer) {
    buffers.free(buffer);
  }

  MeanReady gather(StepKey key, long since) {
    long checksum = node.allReduce().gather(buffers.mean(replica));
    gathered = Optional.of(key);
    return new MeanReady(key, id, checksum, node.secondsSince(since));
  }

  /** Applies a commit once; nothing if this replica is not just before it. */
  Optional<Applied> commit(Commit commit) {
    boolean next = replica.step() + 1 == commit.key().step().value();
    if (!next || !gathered.equals(Optional.of(commit.key()))) {
      return Optional.empty();
    }
    long since = node.nanos().getAsLong();
    CommitResult result = replica.commit(buffers.mean(replica));
    gathered = Optional.empty();
    double seconds = node.secondsSince(since);
    String digest = commit.digest() ? replica.digest() : "";
    return Optional.of(new Applied(id, result, digest, seconds));
  }

  void restore(StepNumber step, Path directory) {
    replica.restore(directory);
    gathered = Optional.empty();
    if (replica.step() != step.value()) {
      throw new IllegalStateException(
          directory + ": state of step " + replica.step() + " (expected: " + step + ")");
    }
  }

  @Override
  public void close() {
    replica.close();
  }
}
