package io.rglcd.cluster.actor;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.collective.GradientBuffers;
import io.rglcd.cluster.protocol.Commit;
import io.rglcd.cluster.protocol.CoordinatorMessage.Applied;
import io.rglcd.cluster.protocol.Prepared;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Torch;
import java.nio.file.Path;
import java.util.Optional;

/** A member's replica with its copies of mean gradients. Belongs to the member's thread. */
final class MemberReplica implements AutoCloseable {

  private final WorkerId id;
  private final NodeContext node;
  private final Replica replica;
  private final GradientBuffers buffers;
  private final KeptMeans kept;

  private MemberReplica(WorkerId id, NodeContext node, Replica replica) {
    this.id = id;
    this.node = node;
    this.replica = replica;
    this.buffers = node.allReduce().join(id, replica);
    this.kept = new KeptMeans(node.scratch().resolve(id.value()).resolve("means"));
  }

  static MemberReplica open(WorkerId id, int device, NodeContext node, Optional<Path> checkpoint) {
    Torch.prepareThread();
    Replica replica = node.replicas().create(id, device);
    try {
      checkpoint.ifPresent(replica::restore);
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

  /** Copies the complete mean to where the next commit takes it from. */
  Prepared gather(StepKey key) {
    return new Prepared(key, node.allReduce().gather(key, buffers.mean(replica)));
  }

  /** Copies the complete mean to a file. */
  Prepared keepAside(StepKey key) {
    NDArray mean = buffers.mean(replica);
    Prepared prepared = new Prepared(key, node.allReduce().gather(key, mean));
    kept.write(prepared, mean);
    return prepared;
  }

  void useKept(Prepared mean) {
    kept.read(mean, buffers.mean(replica));
  }

  void dropKept() {
    kept.clear();
  }

  /** Applies a mean that was kept aside. */
  void applyKept(Prepared mean) {
    useKept(mean);
    replica.commit(buffers.mean(replica));
  }

  /** Applies the gathered mean. */
  Applied apply(Commit commit) {
    long since = node.nanos().getAsLong();
    CommitResult result = replica.commit(buffers.mean(replica));
    if (result.step() != commit.key().step().value()) {
      throw new IllegalStateException(
          id + " has applied " + commit.key() + " as step " + result.step());
    }
    double seconds = node.secondsSince(since);
    String digest = commit.digest() ? replica.digest() : "";
    return new Applied(id, result, commit.checksum(), digest, seconds);
  }

  @Override
  public void close() {
    kept.clear();
    replica.close();
  }
}
