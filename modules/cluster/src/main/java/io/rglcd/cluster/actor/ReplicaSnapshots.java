package io.rglcd.cluster.actor;

import io.rglcd.cluster.ScratchFiles;
import io.rglcd.cluster.SnapshotExchange;
import io.rglcd.cluster.VectorFile;
import io.rglcd.cluster.protocol.Endpoint;
import io.rglcd.cluster.protocol.Member;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.WorkerMessage.FetchSnapshot;
import io.rglcd.distill.Replica;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The snapshots that a replica offers, as files of its own, and the one that it fetches. Belongs to
 * the replica's thread.
 */
final class ReplicaSnapshots implements AutoCloseable {

  private final SnapshotExchange exchange;
  private final Path directory;
  private final TreeMap<StepNumber, Path> offered = new TreeMap<>();
  private Optional<SnapshotIntake> intake = Optional.empty();

  /**
   * Offers nothing.
   *
   * @param directory of its own; what is in it is removed
   */
  ReplicaSnapshots(SnapshotExchange exchange, Path directory) {
    this.exchange = exchange;
    this.directory = directory;
    ScratchFiles.delete(directory);
  }

  /** Writes the state and offers it; older offers end that nobody needs. */
  void offer(Replica replica, StepNumber step, StepNumber keepFrom) {
    List.copyOf(offered.headMap(keepFrom, false).keySet()).forEach(this::withdraw);
    if (!offered.containsKey(step)) {
      Path file = ScratchFiles.create(directory).resolve("offer-" + step);
      VectorFile.write(file, replica.vectors());
      offered.put(step, file);
    }
    exchange.offer(name(step), offered.get(step));
  }

  private void withdraw(StepNumber step) {
    exchange.withdraw(name(step));
    ScratchFiles.delete(offered.remove(step));
  }

  /** Begins to fetch over the replica's state, after what is being fetched has ended. */
  SnapshotIntake fetch(Replica replica, FetchSnapshot order) {
    intake.ifPresent(SnapshotIntake::close);
    List<Endpoint> donors = order.donors().stream().map(Member::endpoint).distinct().toList();
    SnapshotIntake begun =
        new SnapshotIntake(replica.vectors(), exchange, name(order.step()), donors);
    intake = Optional.of(begun);
    return begun;
  }

  /** Whether it was begun last. */
  boolean isCurrent(SnapshotIntake one) {
    return intake.filter(current -> current == one).isPresent();
  }

  /** What was fetched becomes the replica's state. */
  void takeOver() {
    intake.orElseThrow().finish();
    intake.orElseThrow().close();
    intake = Optional.empty();
  }

  private static String name(StepNumber step) {
    return "snapshot-" + step;
  }

  @Override
  public void close() {
    intake.ifPresent(SnapshotIntake::close);
    List.copyOf(offered.keySet()).forEach(this::withdraw);
    ScratchFiles.delete(directory);
  }
}
