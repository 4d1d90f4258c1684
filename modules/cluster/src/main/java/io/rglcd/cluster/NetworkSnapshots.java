package io.rglcd.cluster;

import ai.djl.ndarray.NDArray;
import io.rglcd.cluster.dataplane.DataPlane;
import io.rglcd.cluster.dataplane.SnapshotResult;
import io.rglcd.cluster.dataplane.StartedFetch;
import io.rglcd.cluster.protocol.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Snapshots between nodes, over the data plane. */
public final class NetworkSnapshots implements SnapshotExchange {

  private static final Logger LOG = LoggerFactory.getLogger(NetworkSnapshots.class);
  private static final double MIB = 1 << 20;

  private final DataPlane plane;
  private final Set<String> offered = ConcurrentHashMap.newKeySet();

  /** Snapshots over an open data plane, which it does not close. */
  public NetworkSnapshots(DataPlane plane) {
    this.plane = plane;
  }

  private record Transfer(StartedFetch fetch, CompletionStage<Void> done) implements Arrival {
    @Override
    public void cancel() {
      fetch.cancel();
    }
  }

  @Override
  public void offer(String name, Path file) {
    plane.offer(name, file);
    offered.add(name);
  }

  @Override
  public void withdraw(String name) {
    if (offered.remove(name)) {
      plane.withdraw(name);
    }
  }

  @Override
  public Arrival fetch(String name, List<Endpoint> donors, List<NDArray> into) {
    StartedFetch fetch = plane.fetch(name, donors, into);
    return new Transfer(
        fetch, fetch.result().thenAccept(result -> tell(name, result, donors.size())));
  }

  private static void tell(String name, SnapshotResult result, int donors) {
    if (LOG.isInfoEnabled()) {
      LOG.info(
          String.format(
              Locale.ROOT,
              "%s: %.1f MiB from %d %s in %.2f s, %.2f GiB/s",
              name,
              result.bytes() / MIB,
              donors,
              donors == 1 ? "node" : "nodes",
              result.seconds(),
              result.rate() / MIB / 1024));
    }
  }

  @Override
  public void close() {
    List.copyOf(offered).forEach(this::withdraw);
  }
}
