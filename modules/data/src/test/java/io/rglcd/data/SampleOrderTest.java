package io.rglcd.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SampleOrderTest {

  @Property(tries = 200)
  void everyEpochHoldsEverySampleOnce(
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int epoch,
      @ForAll @Size(min = 1, max = 9) List<@IntRange(max = 12) Integer> counts,
      @ForAll @IntRange(min = 1, max = 4) int shuffleShards) {
    SampleOrder order = new SampleOrder(seed, counts, shuffleShards);
    List<SampleAddress> all = new ArrayList<>();
    for (int shard = 0; shard < counts.size(); shard++) {
      for (int index = 0; index < counts.get(shard); index++) {
        all.add(new SampleAddress(shard, index));
      }
    }
    if (!all.isEmpty()) {
      assertThat(order.addresses(new SampleRange(epoch, 0, all.size())))
          .containsExactlyInAnyOrderElementsOf(all);
    }
  }

  @Test
  void dependsOnNothingButSeedEpochAndShards() {
    List<Integer> counts = List.of(100, 50, 70, 30);
    SampleOrder order = new SampleOrder(7, counts, 2);
    List<SampleAddress> whole = order.addresses(new SampleRange(3, 0, 250));
    order.addresses(new SampleRange(1, 5, 10));
    assertThat(order.addresses(new SampleRange(3, 90, 60))).isEqualTo(whole.subList(90, 150));
    assertThat(new SampleOrder(7, counts, 2).addresses(new SampleRange(3, 0, 250)))
        .isEqualTo(whole);
    assertThat(order.addresses(new SampleRange(4, 0, 250))).isNotEqualTo(whole);
    assertThat(new SampleOrder(8, counts, 2).addresses(new SampleRange(3, 0, 250)))
        .isNotEqualTo(whole);
  }

  @Test
  void mixesOnlyTheShardsOfAGroup() {
    SampleOrder order = new SampleOrder(1, List.of(50, 50, 50, 50, 50, 50), 2);
    for (int group = 0; group < 3; group++) {
      List<SampleAddress> samples = order.addresses(new SampleRange(0, 100L * group, 100));
      assertThat(samples)
          .extracting(SampleAddress::shard)
          .satisfies(shards -> assertThat(shards.stream().distinct()).hasSize(2));
      assertThat(samples.subList(0, 50).stream().map(SampleAddress::shard).distinct()).hasSize(2);
    }
  }

  @Test
  void refusesRangesBehindTheEpochAndGroupsOfNothing() {
    SampleOrder order = new SampleOrder(1, List.of(5), 1);
    assertThatThrownBy(() -> order.addresses(new SampleRange(0, 3, 3)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("[3, 6)");
    assertThatThrownBy(() -> new SampleOrder(1, List.of(5), 0))
        .hasMessage("shuffleShards: 0 (expected: >= 1)");
  }
}
