package io.rglcd.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random histories of the ledger against one word a sample. */
class SampleLedgerModelTest {

  private static final List<Lessee> WORKERS =
      List.of(new Lessee("a", 1), new Lessee("b", 1), new Lessee("a", 2));

  private SampleLedger ledger;
  private String[] words;
  private long epoch;
  private long step;
  private final TreeMap<String, Long> settledBefore = new TreeMap<>();
  private final List<SampleRange> out = new ArrayList<>();

  @Property(tries = 300)
  void agreesWithAMapOfSamples(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int total) {
    Random random = new Random(seed);
    ledger = SampleLedger.of(total);
    words = new String[total];
    Arrays.fill(words, "pending");
    epoch = 0;
    step = 0;
    settledBefore.clear();
    out.clear();
    for (int i = 0; i < 60; i++) {
      operate(random);
      check();
    }
  }

  private void operate(Random random) {
    switch (random.nextInt(6)) {
      case 0, 1, 2 -> lease(1 + random.nextInt(9), WORKERS.get(random.nextInt(3)));
      case 3 -> commit(random);
      case 4 -> release(random);
      default -> skip(random);
    }
  }

  private void lease(int count, Lessee lessee) {
    if (Arrays.stream(words).allMatch(SampleLedgerModelTest::isSettled)) {
      if (Arrays.stream(words).noneMatch("committed"::equals)) {
        return;
      }
      Arrays.stream(words).forEach(w -> settledBefore.merge(w, 1L, Long::sum));
      Arrays.fill(words, "pending");
      epoch++;
    }
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < words.length && expected.size() < count; i++) {
      if (words[i].equals("pending")) {
        expected.add((long) i);
        words[i] = "leased " + lessee;
      }
    }
    Lease lease = ledger.lease(count, lessee);
    assertThat(positions(lease.ranges())).isEqualTo(expected);
    ledger = lease.ledger();
    out.addAll(lease.ranges());
  }

  private void commit(Random random) {
    if (!out.isEmpty()) {
      SampleRange range = out.remove(random.nextInt(out.size()));
      Map<Long, String> unreadable = new HashMap<>();
      for (long at = range.start(); at < range.end(); at++) {
        boolean bad = random.nextInt(8) == 0;
        if (bad) {
          unreadable.put(at, "bad");
        }
        words[(int) at] = bad ? "bad" : "committed";
      }
      ledger = ledger.commit(List.of(range), unreadable, ++step);
    }
  }

  private void release(Random random) {
    if (!out.isEmpty()) {
      SampleRange range = out.remove(random.nextInt(out.size()));
      paint(range, "pending");
      ledger = ledger.release(List.of(range));
    }
  }

  private void skip(Random random) {
    if (!out.isEmpty()) {
      SampleRange range = out.remove(random.nextInt(out.size()));
      paint(range, "not finite");
      ledger = ledger.skip(List.of(range), "not finite");
    }
  }

  private void paint(SampleRange range, String word) {
    Arrays.fill(words, (int) range.start(), (int) range.end(), word);
  }

  private void check() {
    assertThat(ledger.epoch()).isEqualTo(epoch);
    assertThat(positions(ledger.pendingRanges())).isEqualTo(where("pending"));
    assertThat(positions(ledger.leasedRanges())).isEqualTo(where("leased"));
    TreeMap<String, Long> settled = new TreeMap<>(settledBefore);
    Arrays.stream(words)
        .filter(SampleLedgerModelTest::isSettled)
        .forEach(w -> settled.merge(w, 1L, Long::sum));
    long committed = settled.getOrDefault("committed", 0L);
    settled.remove("committed");
    assertThat(ledger.settled().committed()).isEqualTo(committed);
    assertThat(ledger.settled().skipped()).isEqualTo(settled);
    assertThat(ledger.pending() + ledger.leased() + ledger.settledInEpoch().total())
        .isEqualTo(words.length);
    assertThat(SampleLedger.fromJson(ledger.toJson())).isEqualTo(ledger);
  }

  private static boolean isSettled(String word) {
    return !word.equals("pending") && !word.startsWith("leased");
  }

  private List<Long> where(String prefix) {
    List<Long> positions = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (words[i].startsWith(prefix)) {
        positions.add((long) i);
      }
    }
    return positions;
  }

  private static List<Long> positions(List<SampleRange> ranges) {
    List<Long> positions = new ArrayList<>();
    for (SampleRange range : ranges) {
      for (long at = range.start(); at < range.end(); at++) {
        positions.add(at);
      }
    }
    return positions;
  }
}
