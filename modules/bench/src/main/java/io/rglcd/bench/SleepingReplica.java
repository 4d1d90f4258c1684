package io.rglcd.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.MicroBatchLosses;
import io.rglcd.distill.Replica;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A learner that does nothing for as long as a GPU would be busy. */
final class SleepingReplica implements Replica {

  private static final long PARAMETERS = 1024;
  private static final String STATE = "state";

  private final Scope scope = Scope.open();
  private final long nanos;
  private long step;

  /**
   * A learner at step 0.
   *
   * @param seconds that a gradient takes
   */
  SleepingReplica(double seconds) {
    this.nanos = (long) (seconds * 1e9);
  }

  @Override
  public long step() {
    return step;
  }

  @Override
  public long parameterCount() {
    return PARAMETERS;
  }

  @Override
  public MicroBatchLosses gradient(MicroBatch batch, NDArray gradient) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return new MicroBatchLosses(batch.size(), 1, 0, 1, true);
  }

  @Override
  public CommitResult commit(NDArray meanGradient) {
    step++;
    return new CommitResult(step, 1, 0);
  }

  @Override
  public String digest() {
    return Long.toString(step);
  }

  @Override
  public void save(Path directory) {
    try {
      Files.writeString(directory.resolve(STATE), digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void restore(Path directory) {
    try {
      step = Long.parseLong(Files.readString(directory.resolve(STATE)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<NDArray> vectors() {
    return List.of();
  }

  @Override
  public void overwritten(long now) {
    step = now;
  }

  @Override
  public NDArray newGradient(Scope owner) {
    return owner.manager().zeros(new Shape(PARAMETERS));
  }

  @Override
  public Scope scope() {
    return scope;
  }

  @Override
  public void close() {
    scope.close();
  }
}
