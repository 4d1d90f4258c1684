package io.rglcd.cluster;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.protocol.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** How a replica's state gets to those who join: the seam to the data plane. Thread-safe. */
public interface SnapshotExchange extends AutoCloseable {

  /** A snapshot on its way. Thread-safe. */
  interface Arrival {

    /**
     * Completes when all has arrived, fails with a reason if it does not; nothing is written any
     * more then.
     */
    CompletionStage<Void> done();

    /** Ends it within moments, if it has not ended: it fails. */
    void cancel();
  }

  /**
   * Lets others fetch the bytes of a file, which stays as it is until withdrawn.
   *
   * @param name equal for equal bytes
   */
  void offer(String name, Path file);

  /** Ends an offer, if there is one. */
  void withdraw(String name);

  /**
   * Fetches a file's bytes.
   *
   * @param donors who offer the same bytes under that name
   * @param into flat float32 tensors on the CPU, filled one after the other; worth nothing before
   *     all has arrived
   */
  Arrival fetch(String name, List<Endpoint> donors, List<NDArray> into);

  @Override
  void close();
}
