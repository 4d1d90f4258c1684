package io.rglcd.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SampleTableTest {

  private static final List<ShardSource> SHARDS =
      List.of(new MemoryShard("a", new byte[0]), new MemoryShard("b", new byte[0]));

  @Property(tries = 200)
  void givesBackWhatItIsMadeOf(@ForAll("samples") List<SampleEntry> samples) {
    List<SampleEntry> table = SampleTable.of(samples);
    assertThat(table).isEqualTo(samples);
    assertThat(SampleTable.of(table)).isSameAs(table);
    assertThat(SampleTable.of(table.subList(0, samples.size() / 2)))
        .isEqualTo(samples.subList(0, samples.size() / 2));
  }

  @Test
  void takesLittleMemory() {
    int count = 200_000;
    List<List<SampleEntry>> tables = new ArrayList<>();
    long before = usedBytes();
    for (int part = 0; part < 20; part++) {
      int start = part * count / 20;
      tables.add(
          SampleTable.of(
              IntStream.range(start, start + count / 20)
                  .mapToObj(SampleTableTest::usual)
                  .toList()));
    }
    long bytes = usedBytes() - before;
    assertThat(tables.get(19).get(count / 20 - 1)).isEqualTo(usual(count - 1));
    assertThat(bytes / count).isLessThan(120);
  }

  @Provide
  Arbitrary<List<SampleEntry>> samples() {
    Arbitrary<SampleEntry.Field> field =
        Combinators.combine(
                Arbitraries.of(SHARDS),
                Arbitraries.of("jpg", "txt", "json", "seg.png", ""),
                Arbitraries.longs().greaterOrEqual(0),
                Arbitraries.longs().greaterOrEqual(0))
            .as(SampleEntry.Field::new);
    Arbitrary<String> key =
        Arbitraries.strings().withChars('a', '/', '.', 'é', '日', '\n').ofMaxLength(60);
    return Combinators.combine(key, field.list().ofMaxSize(4)).as(SampleEntry::new).list();
  }

  private static SampleEntry usual(int number) {
    List<SampleEntry.Field> fields = new ArrayList<>();
    for (String name : List.of("jpg", "txt", "json")) {
      fields.add(new SampleEntry.Field(SHARDS.get(0), name, 100_000L * number, 90_000));
    }
    return new SampleEntry(String.format("%09d", number), fields);
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
