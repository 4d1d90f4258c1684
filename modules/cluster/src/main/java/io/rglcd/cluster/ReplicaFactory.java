package io.rglcd.cluster;

import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.distill.Replica;

/** Makes the replicas of a run; all of them hold the same state before the first step. */
@FunctionalInterface
public interface ReplicaFactory {

  /**
   * A replica at the initial state. Called on the thread that will own it; several threads may call
   * at the same time.
   *
   * @param member who will own it
   * @param device index of its device, from 0; a coordinator's follower is on the first
   */
  Replica create(WorkerId member, int device);

  /**
   * On what its replicas compute, {@code cpu} or {@code gpu}: one of each would round differently,
   * and then no longer be the same.
   */
  default String deviceType() {
    return "cpu";
  }
}
