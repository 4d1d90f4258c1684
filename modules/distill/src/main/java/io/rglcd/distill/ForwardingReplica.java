package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import java.nio.file.Path;
import java.util.List;

/** A replica that does as another one does, but for what it overrides. */
public interface ForwardingReplica extends Replica {

  /** The other one. */
  Replica replica();

  @Override
  default long step() {
    return replica().step();
  }

  @Override
  default long parameterCount() {
    return replica().parameterCount();
  }

  @Override
  default MicroBatchLosses gradient(MicroBatch batch, NDArray gradient) {
    return replica().gradient(batch, gradient);
  }

  @Override
  default CommitResult commit(NDArray meanGradient) {
    return replica().commit(meanGradient);
  }

  @Override
  default String digest() {
    return replica().digest();
  }

  @Override
  default void save(Path directory) {
    replica().save(directory);
  }

  @Override
  default void restore(Path directory) {
    replica().restore(directory);
  }

  @Override
  default List<NDArray> vectors() {
    return replica().vectors();
  }

  @Override
  default void overwritten(long step) {
    replica().overwritten(step);
  }

  @Override
  default NDArray newGradient(Scope scope) {
    return replica().newGradient(scope);
  }

  @Override
  default Scope scope() {
    return replica().scope();
  }

  @Override
  default void close() {
    replica().close();
  }
}
