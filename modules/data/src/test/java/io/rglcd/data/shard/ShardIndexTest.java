package io.rglcd.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.data.TarBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardIndexTest {

  @Test
  void groupsByKeyUpToTheFirstDotOfTheFileName() {
    ShardIndex index =
        index(
            new TarBuilder()
                .directory("sub")
                .file("sub/dir.v1/a.JPG", "1")
                .file("sub/dir.v1/a.seg.png", "2")
                .file("sub/dir.v1/b.txt", "3"));
    assertThat(index.samples())
        .extracting(SampleEntry::key)
        .containsExactly("sub/dir.v1/a", "sub/dir.v1/b");
    assertThat(index.samples().get(0).fields())
        .extracting(SampleEntry.Field::name)
        .containsExactly("jpg", "seg.png");
    assertThat(index.damage()).isEmpty();
  }

  @Test
  void aRepeatedExtensionStartsAnotherSample() {
    ShardIndex index =
        index(new TarBuilder().file("a.jpg", "1").file("a.txt", "2").file("a.jpg", "3"));
    assertThat(index.samples()).hasSize(2);
    assertThat(index.samples().get(1).fields()).hasSize(1);
  }

  @Test
  void passesOverMetaFilesDotFilesAndNamesWithoutExtension() {
    ShardIndex index =
        index(
            new TarBuilder()
                .file("__header__", "x")
                .file("__meta__/x.txt", "x")
                .file("notes", "x")
                .file(".hidden", "x")
                .file("./a.txt", "x"));
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("./a");
  }

  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
  void resolvesLongAndForeignNames(int mode) throws IOException {
    String key = "long/".repeat(60) + "näme_日";
    ShardIndex index = index(new TarBuilder(mode).file(key + ".txt", "here").file("b.txt", "b"));
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly(key, "b");
    assertThat(text(index, 0, "txt")).isEqualTo("here");
  }

  @Test
  void readsFromALocalFileByPosition(@TempDir Path folder) throws IOException {
    Path file =
        new TarBuilder().file("a.txt", "first").file("b.txt", "second").write(folder.resolve("x"));
    ShardIndex index = ShardIndex.read(new LocalShard(file));
    assertThat(text(index, 1, "txt")).isEqualTo("second");
    assertThat(text(index, 0, "txt")).isEqualTo("first");
  }

  @Test
  void reportsAMissingFileAsDamage(@TempDir Path folder) {
    ShardIndex index = ShardIndex.read(new LocalShard(folder.resolve("gone.tar")));
    assertThat(index.samples()).isEmpty();
    assertThat(index.damage().orElseThrow().toString()).contains("gone.tar");
  }

  @Test
  void reportsWhatIsNotATar() {
    ShardIndex index =
        ShardIndex.read(
            new MemoryShard("page.tar", "<html>".repeat(200).getBytes(StandardCharsets.UTF_8)));
    assertThat(index.damage().orElseThrow().reason()).contains("no tar header at byte 0");
  }

  @Test
  void seesTheEndOfALocalFileInsideAnEntry(@TempDir Path folder) throws IOException {
    byte[] whole = new TarBuilder().file("a.txt", "a").file("b.txt", "x".repeat(5000)).bytes();
    Path file = folder.resolve("cut.tar");
    java.nio.file.Files.write(file, Arrays.copyOf(whole, 3000));
    ShardIndex index = ShardIndex.read(new LocalShard(file));
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a");
    assertThat(index.damage().orElseThrow().reason()).contains("b.txt");
    assertThat(index.damage().orElseThrow().samplesKept()).isEqualTo(1);
  }

  @Property(tries = 300)
  void cutAtAnyByteEverySampleBeforeTheCutIsKept(@ForAll @IntRange(max = 100_000) int position) {
    byte[] whole =
        new TarBuilder()
            .file("a.txt", "a".repeat(700))
            .file("a.json", "{}")
            .file("b.txt", "b")
            .file("long/".repeat(40) + "c.txt", "c".repeat(512))
            .bytes();
    List<SampleEntry> all = ShardIndex.read(new MemoryShard("whole", whole)).samples();
    int cut = position % whole.length;
    ShardIndex index = ShardIndex.read(new MemoryShard("cut", Arrays.copyOf(whole, cut)));
    List<String> expected =
        all.stream()
            .filter(s -> s.fields().stream().allMatch(f -> f.offset() + f.size() <= cut))
            .map(ShardIndexTest::described)
            .toList();
    assertThat(index.samples()).extracting(ShardIndexTest::described).containsAll(expected);
    assertThat(index.samples().size()).isBetween(expected.size(), expected.size() + 1);
    boolean atAnEnd = cut % 512 == 0 && (cut == 0 || isAfterAnEntry(all, cut));
    assertThat(index.damage().isEmpty()).isEqualTo(atAnEnd || cut >= dataEnd(all) + 512);
  }

  @Property(tries = 300)
  void hostileBytesNeitherThrowNorHang(
      @ForAll @Size(max = 3000) byte[] noise, @ForAll @IntRange(max = 2000) int at) {
    byte[] shard = new TarBuilder().file("a.txt", "a").file("b.txt", "b").bytes();
    System.arraycopy(noise, 0, shard, at, Math.min(noise.length, shard.length - at));
    ShardIndex index = ShardIndex.read(new MemoryShard("noise", shard));
    assertThat(index.samples().size()).isLessThanOrEqualTo(3);
  }

  @Property(tries = 100)
  void everyFileOfAnyShardIsReadBack(
      @ForAll @Size(min = 1, max = 8) List<@Size(max = 1500) byte[]> files) throws IOException {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < files.size(); i++) {
      tar.file("k" + i + ".bin", files.get(i));
    }
    ShardIndex index = index(tar);
    assertThat(index.samples()).hasSize(files.size());
    for (int i = 0; i < files.size(); i++) {
      assertThat(index.samples().get(i).fields().get(0).read()).isEqualTo(files.get(i));
    }
  }

  @Test
  void entriesThatClaimAbsurdSizesAreDamage() {
    byte[] shard = new TarBuilder().file("a.txt", "a").bytes();
    Map.of(124, 0x80, 125, 0, 126, 0, 127, 0, 128, 0x7f, 129, 0xff)
        .forEach((offset, value) -> shard[offset] = value.byteValue());
    fixChecksum(shard);
    ShardIndex index = ShardIndex.read(new MemoryShard("absurd", shard));
    assertThat(index.samples()).isEmpty();
    assertThat(index.damage()).isPresent();
  }

  @Test
  void anEntryThatIsWholeIsKeptWhereOnlyItsPaddingIsCut() {
    byte[] whole = new TarBuilder().file("a.txt", "a").bytes();
    ShardIndex index = ShardIndex.read(new MemoryShard("cut", Arrays.copyOf(whole, 513)));
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a");
    assertThat(index.damage().orElseThrow().reason()).isEqualTo("the archive ends inside an entry");
  }

  @ParameterizedTest
  @CsvSource({
    "a/.jpg, a/, jpg",
    "x.y/a/.b.jpg, x.y/a/, b.jpg",
    "a.JPG., a, jpg.",
    "__a__b.txt, __a__b, txt",
    "b__c__/d.txt, b__c__/d, txt"
  })
  void splitsUnusualNamesAsTheOriginalsExpressionDoes(String path, String key, String field) {
    assertThat(SampleName.of(path)).contains(new SampleName(key, field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.y/.jpg", ".a.jpg", "a.b/c", "__x__/a.txt", "__x__"})
  void otherUnusualNamesAreOfNoSample(String path) {
    assertThat(SampleName.of(path)).isEmpty();
  }

  @Test
  void aSampleThatLiesInThreeShardsIsOneOfTheFirst() throws IOException {
    List<ShardIndex> shards =
        ShardIndex.join(
            List.of(
                index(new TarBuilder().file("a.txt", "a").file("k.txt", "here")),
                index(new TarBuilder().file("k.json", "{}")),
                index(new TarBuilder()),
                index(new TarBuilder().file("k.jpg", "there").file("b.txt", "b"))));
    assertThat(shards).extracting(s -> s.samples().size()).containsExactly(2, 0, 0, 1);
    SampleEntry joined = shards.get(0).samples().get(1);
    assertThat(joined.fields())
        .extracting(SampleEntry.Field::name)
        .containsExactly("txt", "json", "jpg");
    assertThat(joined.fields().get(2).read()).asString().isEqualTo("there");
  }

  @Test
  void filesOfOneKeyOnBothSidesOfAnEndAreGroupedAsIfThereWereNoEnd() {
    TarBuilder[] parts = {new TarBuilder(), new TarBuilder(), new TarBuilder()};
    List<String> names = List.of("k.json", "k.jpg", "k.txt", "k.jpg", "k.txt", "k.json", "b.txt");
    for (int i = 0; i < names.size(); i++) {
      parts[0].file(names.get(i), "{}");
      parts[i < 2 ? 1 : 2].file(names.get(i), "{}");
    }
    List<ShardIndex> shards = ShardIndex.join(List.of(index(parts[1]), index(parts[2])));
    assertThat(shards.stream().flatMap(s -> s.samples().stream()))
        .extracting(ShardIndexTest::names)
        .isEqualTo(index(parts[0]).samples().stream().map(ShardIndexTest::names).toList());
    assertThat(shards.get(0).samples()).extracting(ShardIndexTest::names).hasSize(1);
  }

  private static String names(SampleEntry sample) {
    return sample.key() + sample.fields().stream().map(SampleEntry.Field::name).toList();
  }

  private static String described(SampleEntry sample) {
    return names(sample) + sample.fields().stream().map(f -> f.offset() + "+" + f.size()).toList();
  }

  private static void fixChecksum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += header[i] & 0xff;
    }
    byte[] digits = String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, header, 148, 6);
    header[154] = 0;
  }

  private static boolean isAfterAnEntry(List<SampleEntry> all, int cut) {
    return all.stream().flatMap(s -> s.fields().stream()).anyMatch(f -> padded(f) == cut);
  }

  private static long dataEnd(List<SampleEntry> all) {
    return all.stream()
        .flatMap(s -> s.fields().stream())
        .mapToLong(ShardIndexTest::padded)
        .max()
        .orElseThrow();
  }

  private static long padded(SampleEntry.Field field) {
    return (field.offset() + field.size() + 511) / 512 * 512;
  }

  private static String text(ShardIndex index, int sample, String field) throws IOException {
    SampleEntry entry = index.samples().get(sample);
    return new String(entry.field(List.of(field)).orElseThrow().read(), StandardCharsets.UTF_8);
  }

  private static ShardIndex index(TarBuilder tar) {
    return ShardIndex.read(new MemoryShard("test.tar", tar.bytes()));
  }
}
