package io.rglcd.cluster.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.cluster.FakeReplica;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import io.rglcd.cluster.protocol.WorkerMessage.FetchSnapshot;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaSnapshotsTest {

  @TempDir Path directory;
  private final StillExchange exchange = new StillExchange();
  private final FakeReplica replica = new FakeReplica();
  private ReplicaSnapshots snapshots;

  @BeforeEach
  void open() {
    snapshots = new ReplicaSnapshots(exchange, directory.resolve("worker"));
  }

  @AfterEach
  void close() {
    snapshots.close();
    replica.close();
  }

  private SnapshotIntake fetch(long step) {
    return snapshots.fetch(
        replica, new FetchSnapshot(new Term(1), new StepNumber(step), List.of()));
  }

  @Test
  void anotherFetchEndsTheOneBefore() {
    SnapshotIntake first = fetch(1);
    assertThat(snapshots.isCurrent(first)).isTrue();
    SnapshotIntake second = fetch(2);
    assertThat(snapshots.isCurrent(first)).isFalse();
    assertThat(snapshots.isCurrent(second)).isTrue();
    assertThat(exchange.fetches().get(0).done()).isCompletedExceptionally();
    assertThat(exchange.fetches().get(1).done()).isNotDone();
  }

  @Test
  void theSameStepFetchedAgainIsAnotherFetch() {
    SnapshotIntake first = fetch(1);
    SnapshotIntake second = fetch(1);
    assertThat(snapshots.isCurrent(first)).isFalse();
    assertThat(snapshots.isCurrent(second)).isTrue();
  }

  @Test
  void whatWasTakenOverIsFetchedNoMore() {
    SnapshotIntake intake = fetch(1);
    exchange.fetches().get(0).done().complete(null);
    snapshots.takeOver();
    assertThat(snapshots.isCurrent(intake)).isFalse();
  }

  @Test
  void theEndEndsTheFetch() {
    fetch(1);
    snapshots.close();
    assertThat(exchange.fetches().get(0).done()).isCompletedExceptionally();
  }
}
