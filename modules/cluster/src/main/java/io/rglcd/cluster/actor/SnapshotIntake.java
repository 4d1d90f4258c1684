package io.rglcd.cluster.actor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.SnapshotExchange;
import io.rglcd.cluster.SnapshotExchange.Arrival;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A snapshot on its way into a replica: straight over its vectors where they lie on the CPU, else
 * by way of copies there. Belongs to the replica's thread.
 */
final class SnapshotIntake implements AutoCloseable {

  private static final int CLOSE_SECONDS = 10;

  private final List<NDArray> vectors;
  private final List<NDArray> received = new ArrayList<>();
  private final Scope copies = Scope.open(Device.cpu());
  private final Arrival arrival;

  /**
   * From now on the replica's vectors are worth nothing, until {@link #finish}.
   *
   * @param vectors of the replica; alive until this is closed
   */
  SnapshotIntake(
      List<NDArray> vectors, SnapshotExchange snapshots, String name, List<Endpoint> donors) {
    this.vectors = List.copyOf(vectors);
    for (NDArray vector : vectors) {
      boolean there = vector.getDevice().equals(Device.cpu());
      received.add(there ? vector : copies.manager().zeros(vector.getShape()));
    }
    this.arrival = snapshots.fetch(name, donors, received);
  }

  /** Completes when all has arrived, fails with a reason. */
  CompletionStage<Void> arrived() {
    return arrival.done();
  }

  /** After all has arrived the replica's vectors are those of the snapshot. */
  void finish() {
    for (int i = 0; i < vectors.size(); i++) {
      if (received.get(i) != vectors.get(i)) {
        TensorBuffers.copy(received.get(i), vectors.get(i));
      }
    }
  }

  /**
   * Ends it: nothing is written any more.
   *
   * @throws IllegalStateException if that takes too long
   */
  @Override
  public void close() {
    arrival.cancel();
    try {
      arrival
          .done()
          .exceptionally(e -> null)
          .toCompletableFuture()
          .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw new IllegalStateException("a snapshot's transfer does not end", e);
    }
    copies.close();
  }
}
