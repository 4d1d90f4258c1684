package io.rglcd.distill;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import java.nio.file.Path;
import java.util.List;

/**
 * One copy of the training state C_s: student weights, optimiser moments and EMA target after s
 * committed steps. Replicas that apply the same mean gradients hold bit-identical states.
 *
 * <p>Belongs to one thread. Computing gradients never changes the state; only {@link #commit} does.
 */
public interface Replica extends AutoCloseable {

  /** Number of committed updates, s. */
  long step();

  /** Number of trained parameters, P. */
  long parameterCount();

  /**
   * Computes the gradient of the mean loss of one micro-batch at the present state.
   *
   * @param gradient [P] float32 on any device, overwritten
   */
  MicroBatchLosses gradient(MicroBatch batch, NDArray gradient);

  /**
   * Clips the mean gradient to the maximum global norm, applies the optimiser, then EMA, and counts
   * the step.
   *
   * @param meanGradient [P] float32 on any device; scaled in place when it is clipped
   */
  CommitResult commit(NDArray meanGradient);

  /**
   * A checksum of student, target and moments as hexadecimal digits; equal states, equal digests.
   */
  String digest();

  /** Writes the state into an existing directory; readable by the same configuration. */
  void save(Path directory);

  /**
   * Replaces the state by one that {@link #save} wrote.
   *
   * @throws io.rglcd.tensor.TensorException naming what does not fit
   */
  void restore(Path directory);

  /**
   * The vectors that are the state, but for the step number: flat float32, contiguous, on the
   * replica's device, in the same order and of the same lengths for all replicas of a run. Who
   * overwrites them says so with {@link #overwritten}, and before that nothing else is done with
   * the replica but to close it or to restore it.
   */
  List<NDArray> vectors();

  /**
   * The vectors hold another replica's state now.
   *
   * @param step how many updates that has seen
   */
  void overwritten(long step);

  /** A new zeroed [P] float32 vector, owned by the given scope and on that scope's device. */
  NDArray newGradient(Scope scope);

  /** The scope that holds the state; closed with the replica. */
  Scope scope();

  @Override
  void close();
}
