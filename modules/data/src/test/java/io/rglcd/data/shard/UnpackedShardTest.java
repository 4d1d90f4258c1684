package io.rglcd.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rglcd.data.TarBuilder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackedShardTest {

  private static final byte[] NOISE = noise();
  private static final byte[] TAR =
      new TarBuilder().file("a.txt", "first").file("b.bin", NOISE).file("c.txt", "third").bytes();

  @Test
  void samplesOfAPackedShardAreReadByPosition() throws IOException {
    ShardIndex index = ShardIndex.read(new MemoryShard("x.tar.gz", gzip(TAR)));
    assertThat(index.damage()).isEmpty();
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a", "b", "c");
    assertThat(index.samples().get(2).fields().get(0).read()).asString().isEqualTo("third");
    assertThat(index.samples().get(1).fields().get(0).read()).isEqualTo(NOISE);
    assertThat(index.samples().get(1).fields().get(0).shard().name()).isEqualTo("x.tar.gz");
  }

  @Test
  void membersThatFollowEachOtherAreOneArchive() {
    byte[] first = gzip(Arrays.copyOf(TAR, 700));
    byte[] second = gzip(Arrays.copyOfRange(TAR, 700, TAR.length));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    ShardIndex index = ShardIndex.read(new Trickle(both));
    assertThat(index.damage()).isEmpty();
    assertThat(index.samples()).hasSize(3);
  }

  @Test
  void aPackedShardThatIsCutGivesTheSamplesBefore() {
    byte[] packed = gzip(TAR);
    ShardIndex index = ShardIndex.read(new MemoryShard("cut", Arrays.copyOf(packed, 40_000)));
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a");
    assertThat(index.damage().orElseThrow().reason()).startsWith("gzip data: ");
  }

  @Test
  void aBombIsUnpackedNoFurtherThanTheBound() {
    byte[] bomb =
        gzip(new TarBuilder().file("a.txt", "a").file("b.bin", new byte[1 << 20]).bytes());
    ShardIndex index = ShardIndex.read(new MemoryShard("bomb", bomb), 1 << 19);
    assertThat(index.samples()).extracting(SampleEntry::key).containsExactly("a");
    assertThat(index.damage().orElseThrow().reason()).isEqualTo("more than 524288 bytes unpacked");
  }

  @Test
  void anEndlessArchiveIsReadNoFurtherThanTheBound() {
    byte[] entry = Arrays.copyOf(new TarBuilder().file("a.txt", "a").bytes(), 1024);
    ShardIndex index = ShardIndex.read(new Endless(entry), 100 * 1024);
    assertThat(index.samples()).hasSize(100);
    assertThat(index.damage().orElseThrow().reason()).startsWith("more than 102400 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"BZh9xxxx", "\u00fd7zXZ\u0000xx", "(\u00b5/\u00fdxxxx", "PK\u0003\u0004xx"})
  void otherWaysOfPackingAreNamed(String start) {
    byte[] bytes = Arrays.copyOf(start.getBytes(StandardCharsets.ISO_8859_1), 2000);
    ShardIndex index = ShardIndex.read(new MemoryShard("packed", bytes));
    assertThat(index.damage().orElseThrow().reason())
        .matches("(bzip2|xz|zstd|zip) data \\(expected: a tar or gzip'ed tar\\)");
  }

  @Test
  void aStreamShorterThanAnyMagicIsDamage() {
    ShardIndex index = ShardIndex.read(new MemoryShard("short", new byte[] {0x1f}));
    assertThat(index.damage().orElseThrow().reason()).contains("inside the header at byte 0");
  }

  /** Never knows what follows, as a network connection does not. */
  private record Trickle(byte[] bytes) implements ShardSource {

    @Override
    public String name() {
      return "trickle";
    }

    @Override
    public InputStream open(long offset) {
      return new ByteArrayInputStream(bytes, (int) offset, bytes.length) {
        @Override
        public int available() {
          return 0;
        }

        @Override
        public int read(byte[] buffer, int at, int length) {
          return super.read(buffer, at, Math.min(length, 10));
        }
      };
    }
  }

  /** The same entry again and again. */
  private record Endless(byte[] entry) implements ShardSource {

    @Override
    public String name() {
      return "endless";
    }

    @Override
    public InputStream open(long offset) {
      return new InputStream() {
        private long position = offset;

        @Override
        public int read() {
          return entry[(int) (position++ % entry.length)] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int at, int length) {
          buffer[at] = (byte) read();
          return 1;
        }
      };
    }
  }

  private static byte[] noise() {
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    return noise;
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
