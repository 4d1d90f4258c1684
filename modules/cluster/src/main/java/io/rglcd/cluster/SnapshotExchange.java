package io.rglcd.cluster;

import io.rglcd.cluster.protocol.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** How a replica's state gets to those who join: the seam to the data plane. Thread-safe. */
public interface SnapshotExchange extends AutoCloseable {

  /**
   * Lets others fetch the files of a directory, which stay as they are until withdrawn.
   *
   * @param name equal for equal bytes
   */
  void offer(String name, Path directory, List<String> files);

  /** Ends an offer, if there is one. */
  void withdraw(String name);

  /**
   * Fetches files.
   *
   * @param donors who offer the same bytes under that name
   * @param into an existing directory
   * @return fails with a reason if they do not arrive
   */
  CompletionStage<Void> fetch(String name, List<String> files, List<Endpoint> donors, Path into);

  @Override
  void close();
}
