package io.rglcd.cluster.collective;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.Reduce;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.Replica;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * How the members of one node get the mean gradient: the seam to the data plane. Thread-safe; each
 * member calls from its own thread.
 */
public interface AllReduce extends AutoCloseable {

  /**
   * The buffers of a member that has just started, on the CPU; what an earlier life of it used is
   * free again.
   *
   * @param replica whose gradients they will hold
   */
  GradientBuffers join(WorkerId member, Replica replica);

  /**
   * Shows the gradient of a micro-batch to the owners of slices; nothing where the attempt is older
   * than one already seen.
   *
   * @param gradient [P] float32, unchanged until the member is given another attempt
   */
  void publish(StepKey key, int index, NDArray gradient);

  /**
   * Does a member's part of a reduction.
   *
   * @throws IllegalStateException if a gradient that should be here was not published
   */
  void reduce(Reduce order, WorkerId member);

  /** Completes when the mean of an attempt is here; fails, or never does, if it will not be. */
  CompletionStage<StepKey> reduced(StepKey key);

  /**
   * Copies the complete mean.
   *
   * @param into [P] float32, overwritten
   * @return CRC32C of the copy's bytes
   * @throws IllegalStateException if another attempt has begun since
   */
  long gather(StepKey key, NDArray into);

  /** Takes no part in a reduction any more. */
  void cancel(StepKey key);

  /**
   * Tells of nodes whose process has ended, as soon as the data plane notices.
   *
   * @param told the node's name, on any thread; replaces who was told before
   */
  void whenEnded(Consumer<String> told);

  /** Frees all buffers; no member may be running. */
  @Override
  void close();
}
