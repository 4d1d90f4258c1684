package io.rglcd.cluster;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.CommitResult;
import io.rglcd.distill.ForwardingReplica;
import io.rglcd.distill.MicroBatch;
import io.rglcd.distill.MicroBatchLosses;
import io.rglcd.distill.Replica;

/** A replica whose gradients pass through a fault. */
public record FaultyReplica(WorkerId member, Replica replica, Fault fault)
    implements ForwardingReplica {

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
    return fault.at(member, replica.step() + 1, batch, replica.gradient(batch, gradient));
  }

  @Override
  public CommitResult commit(NDArray meanGradient) {
    fault.beforeCommit(replica.step() + 1);
    return replica.commit(meanGradient);
  }
}
