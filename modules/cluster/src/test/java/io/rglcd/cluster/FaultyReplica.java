package io.rglcd.cluster;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.MicroBatchLosses;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Scope;
import java.nio.file.Path;
import java.util.List;

/** A replica whose gradients pass through a fault. */
public record FaultyReplica(WorkerId member, Replica inner, Fault fault) implements Replica {

  /** Throws, or changes what a gradient's losses are. */
  public interface Fault {
    MicroBatchLosses at(WorkerId member, long step, MicroBatch batch, MicroBatchLosses losses);

    /** Before a step is applied; may throw. */
    default void beforeCommit(long step) {}
  }

  static MicroBatchLosses notANumber(MicroBatchLosses losses) {
    return new MicroBatchLosses(losses.samples(), Double.NaN, 0, Double.NaN, false);
  }

  @Override
  public MicroBatchLosses gradient(MicroBatch batch, NDArray gradient) {
    return fault.at(member, inner.step() + 1, batch, inner.gradient(batch, gradient));
  }

  @Override
  public long step() {
    return inner.step();
  }

  @Override
  public long parameterCount() {
    return inner.parameterCount();
  }

  @Override
  public CommitResult commit(NDArray meanGradient) {
    fault.beforeCommit(inner.step() + 1);
    return inner.commit(meanGradient);
  }

  @Override
  public String digest() {
    return inner.digest();
  }

  @Override
  public void save(Path directory) {
    inner.save(directory);
  }

  @Override
  public void restore(Path directory) {
    inner.restore(directory);
  }

  @Override
  public List<NDArray> vectors() {
    return inner.vectors();
  }

  @Override
  public void overwritten(long step) {
    inner.overwritten(step);
  }

  @Override
  public NDArray newGradient(Scope scope) {
    return inner.newGradient(scope);
  }

  @Override
  public Scope scope() {
    return inner.scope();
  }

  @Override
  public void close() {
    inner.close();
  }
}
