package io.rglcd.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SampleLedgerTest {

  private static final Lessee A = new Lessee("a", 1);
  private static final Lessee B = new Lessee("b", 1);

  @Test
  void dealsAscendingRangesAndASmallerTailWithoutPadding() {
    Lease first = SampleLedger.of(10).lease(6, A);
    Lease second = first.ledger().lease(6, B);
    assertThat(first.ranges()).containsExactly(new SampleRange(0, 0, 6));
    assertThat(second.ranges()).containsExactly(new SampleRange(0, 6, 4));
    assertThat(second.ledger().lease(6, A).ranges()).isEmpty();
  }

  @Test
  void dealsReturnedRangesFirst() {
    SampleLedger ledger = SampleLedger.of(100);
    Lease a = ledger.lease(10, A);
    Lease b = a.ledger().lease(10, B);
    SampleLedger returned = b.ledger().release(a.ranges());
    assertThat(returned.lease(15, B).ranges())
        .containsExactly(new SampleRange(0, 0, 10), new SampleRange(0, 20, 5));
  }

  @Test
  void aDeadWorkersLeasesComeBackAndNoOthers() {
    Lease a = SampleLedger.of(100).lease(10, A);
    Lease b = a.ledger().lease(10, B);
    SampleLedger ledger = b.ledger().releaseWorker("a");
    assertThat(ledger.leasedRanges()).isEqualTo(b.ranges());
    assertThat(ledger.releaseAll().leased()).isZero();
  }

  @Test
  void commitSettlesReadableAndUnreadableSamples() {
    Lease lease = SampleLedger.of(10).lease(4, A);
    SampleLedger ledger = lease.ledger().commit(lease.ranges(), Map.of(1L, "corrupt"), 1);
    assertThat(ledger.settledInEpoch().committed()).isEqualTo(3);
    assertThat(ledger.settledInEpoch().skipped()).containsExactly(Map.entry("corrupt", 1L));
    assertThat(ledger.pending()).isEqualTo(6);
    assertThat(ledger.lastStep()).isEqualTo(1);
  }

  @Test
  void theNextEpochBeginsWhenAllIsSettled() {
    Lease all = SampleLedger.of(4).lease(4, A);
    SampleLedger done = all.ledger().commit(all.ranges(), Map.of(0L, "corrupt"), 1);
    assertThat(done.isEpochComplete()).isTrue();
    Lease next = done.lease(3, A);
    assertThat(next.ranges()).containsExactly(new SampleRange(1, 0, 3));
    assertThat(next.ledger().settled().committed()).isEqualTo(3);
    assertThat(next.ledger().settledInEpoch().total()).isZero();
  }

  @Test
  void anEpochWithoutOneUsableSampleStopsTheRun() {
    SampleLedger skipped =
        SampleLedger.of(4).skip(List.of(new SampleRange(0, 0, 4)), "picture corrupt");
    assertThatThrownBy(() -> skipped.lease(1, A))
        .isInstanceOf(ZeroSamplesException.class)
        .hasMessageContaining("4 x picture corrupt");
    assertThatThrownBy(() -> SampleLedger.of(0)).isInstanceOf(ZeroSamplesException.class);
  }

  @Test
  void refusesToCommitTwiceOrWhatIsNotLeased() {
    Lease lease = SampleLedger.of(10).lease(4, A);
    SampleLedger committed = lease.ledger().commit(lease.ranges(), Map.of(), 1);
    assertRefused(() -> committed.commit(lease.ranges(), Map.of(), 2));
    assertRefused(() -> committed.commit(List.of(new SampleRange(0, 5, 1)), Map.of(), 2));
    assertRefused(() -> committed.release(lease.ranges()));
    assertRefused(() -> committed.skip(lease.ranges(), "late"));
    assertRefused(() -> lease.ledger().commit(List.of(new SampleRange(1, 0, 4)), Map.of(), 1));
  }

  @Test
  void refusesAStepThatIsNotNewAndUnreadableSamplesOfOthers() {
    Lease lease = SampleLedger.of(10).lease(2, A);
    SampleLedger one = lease.ledger().commit(lease.ranges(), Map.of(), 5);
    Lease again = one.lease(2, A);
    assertRefused(() -> again.ledger().commit(again.ranges(), Map.of(), 5));
    assertRefused(() -> again.ledger().commit(again.ranges(), Map.of(9L, "x"), 6));
  }

  @Test
  void itsCheckpointDoesNotGrowWithTheSamplesSeen() {
    SampleLedger ledger = SampleLedger.of(12_000_000);
    int sizeAtStart = 0;
    for (int step = 1; step <= 2_000; step++) {
      Lease lease = ledger.lease(2048, A);
      long bad = lease.ranges().get(0).start() + 7;
      ledger = lease.ledger().commit(lease.ranges(), Map.of(bad, "corrupt"), step);
      sizeAtStart = step == 1 ? ledger.toJson().toString().length() : sizeAtStart;
    }
    assertThat(ledger.settled().total()).isEqualTo(2_000 * 2048L);
    assertThat(ledger.toJson().toString().length()).isLessThan(sizeAtStart + 20);
  }

  @Test
  void survivesItsCheckpointAsText() throws Exception {
    Lease a = SampleLedger.of(100).lease(10, A);
    Lease b = a.ledger().lease(10, B);
    SampleLedger ledger = b.ledger().commit(b.ranges(), Map.of(12L, "corrupt"), 3);
    String text = ledger.toJson().toString();
    SampleLedger read = SampleLedger.fromJson(new ObjectMapper().readTree(text));
    assertThat(read).isEqualTo(ledger);
    assertThat(read.lease(5, A).ranges()).isEqualTo(ledger.lease(5, A).ranges());
  }

  @Test
  void refusesACheckpointThatDoesNotAddUp() throws Exception {
    String text = SampleLedger.of(100).toJson().toString();
    ObjectMapper mapper = new ObjectMapper();
    for (String broken :
        List.of(
            text.replace("\"end\":100", "\"end\":99"),
            text.replace("pending", "lost"),
            text.replace("\"epoch\"", "\"era\""),
            text.replace("\"committed\":0", "\"committed\":-1"))) {
      assertThat(broken).isNotEqualTo(text);
      assertRefused(() -> SampleLedger.fromJson(mapper.readTree(broken)));
    }
  }

  private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(DataException.class);
  }
}
