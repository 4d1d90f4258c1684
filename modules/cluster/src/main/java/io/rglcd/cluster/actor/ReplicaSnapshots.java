package io.rglcd.cluster.actor;

import io.rglcd.cluster.ScratchFiles;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerId;
import io.rglcd.cluster.protocol.WorkerMessage.FetchSnapshot;
import io.rglcd.distill.Replica;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** The snapshots that a replica offers and fetches, as files of its own. */
final class ReplicaSnapshots implements AutoCloseable {

  private final NodeContext node;
  private final Path directory;
  private final TreeMap<StepNumber, Path> offered = new TreeMap<>();

  ReplicaSnapshots(NodeContext node, WorkerId id) {
    this.node = node;
    this.directory = node.scratch().resolve(id.value());
    ScratchFiles.delete(directory);
  }

  /** Writes the state and offers it; older offers end that nobody needs. */
  List<String> offer(Replica replica, StepNumber step, StepNumber keepFrom) {
    List.copyOf(offered.headMap(keepFrom, false).keySet()).forEach(this::withdraw);
    Path path = offered.get(step);
    if (path == null) {
      path = ScratchFiles.emptied(directory.resolve("offer-" + step));
      replica.save(path);
      offered.put(step, path);
    }
    List<String> files = ScratchFiles.names(path);
    node.snapshots().offer(name(step), path, files);
    return files;
  }

  private void withdraw(StepNumber step) {
    node.snapshots().withdraw(name(step));
    ScratchFiles.delete(offered.remove(step));
  }

  /** Fetches into {@link #fetched}. */
  CompletionStage<Void> fetch(FetchSnapshot order) {
    Path into = ScratchFiles.emptied(fetched(order.step()));
    List<Endpoint> donors = order.donors().stream().map(Member::endpoint).distinct().toList();
    return node.snapshots().fetch(name(order.step()), order.files(), donors, into);
  }

  Path fetched(StepNumber step) {
    return directory.resolve("fetched-" + step);
  }

  private static String name(StepNumber step) {
    return "snapshot-" + step;
  }

  @Override
  public void close() {
    List.copyOf(offered.keySet()).forEach(this::withdraw);
    ScratchFiles.delete(directory);
  }
}
