package io.rglcd.cluster;

import io.rglcd.cluster.dataplane.DataPlane;
import io.rglcd.cluster.dataplane.SnapshotResult;
import io.rglcd.cluster.protocol.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Snapshots between nodes, over the data plane. */
public final class NetworkSnapshots implements SnapshotExchange {

  private static final Logger LOG = LoggerFactory.getLogger(NetworkSnapshots.class);
  private static final double MIB = 1 << 20;

  private final DataPlane plane;
  private final Map<String, List<String>> offered = new ConcurrentHashMap<>();

  /** Snapshots over an open data plane, which it does not close. */
  public NetworkSnapshots(DataPlane plane) {
    this.plane = plane;
  }

  @Override
  public void offer(String name, Path directory, List<String> files) {
    offered.put(name, List.copyOf(files));
    files.forEach(file -> plane.offer(name + "/" + file, directory.resolve(file)));
  }

  @Override
  public void withdraw(String name) {
    List<String> files = offered.remove(name);
    if (files != null) {
      files.forEach(file -> plane.withdraw(name + "/" + file));
    }
  }

  @Override
  public CompletionStage<Void> fetch(
      String name, List<String> files, List<Endpoint> donors, Path into) {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (String file : files) {
      all =
          all.thenCompose(done -> plane.fetch(name + "/" + file, donors, into.resolve(file)))
              .thenAccept(result -> tell(name, file, result, donors.size()));
    }
    return all;
  }

  private static void tell(String name, String file, SnapshotResult result, int donors) {
    if (LOG.isInfoEnabled()) {
      LOG.info(
          String.format(
              Locale.ROOT,
              "%s/%s: %.1f MiB from %d %s in %.2f s, %.2f GiB/s",
              name,
              file,
              result.bytes() / MIB,
              donors,
              donors == 1 ? "node" : "nodes",
              result.seconds(),
              result.rate() / MIB / 1024));
    }
  }

  @Override
  public void close() {
    List.copyOf(offered.keySet()).forEach(this::withdraw);
  }
}
