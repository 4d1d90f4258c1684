package io.rglcd.data.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.data.shard.LocalShard;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files that NumPy wrote; see the script beside them. */
class NumpyFilesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long ENOUGH = 1 << 20;

  @TestFactory
  Stream<DynamicTest> readsWhatNumpyWrote() throws URISyntaxException {
    List<SampleEntry> files = files();
    assertThat(files).hasSizeGreaterThan(25);
    return files.stream().map(f -> DynamicTest.dynamicTest(f.key(), () -> check(f)));
  }

  private static void check(SampleEntry file) throws IOException, ArrayException {
    JsonNode expected = JSON.readTree(file.field(List.of("json")).orElseThrow().read());
    if (expected.isNull()) {
      assertThatThrownBy(() -> parse(file)).isInstanceOf(ArrayException.class);
      return;
    }
    List<FloatArray> arrays = parse(file);
    assertThat(arrays).hasSize(expected.size());
    for (int i = 0; i < arrays.size(); i++) {
      JsonNode values = expected.get(i).get("values");
      float[] wanted = new float[values.size()];
      IntStream.range(0, wanted.length).forEach(k -> wanted[k] = (float) values.get(k).asDouble());
      assertThat(arrays.get(i).values()).isEqualTo(wanted);
      assertThat(JSON.valueToTree(arrays.get(i).shape()).toString())
          .isEqualTo(expected.get(i).get("shape").toString());
    }
  }

  @Test
  void namesTheArraysOfAnArchive() throws Exception {
    SampleEntry archive =
        files().stream().filter(f -> f.key().equals("npz-stored")).findFirst().orElseThrow();
    assertThat(parse(archive)).extracting(FloatArray::name).containsExactly("b", "a");
  }

  @Test
  void refusesAnArchiveThatUnpacksToMoreThanAllowed() throws Exception {
    SampleEntry archive =
        files().stream().filter(f -> f.key().equals("npz-compressed")).findFirst().orElseThrow();
    byte[] bytes = archive.field(List.of("npz")).orElseThrow().read();
    assertThatThrownBy(() -> NpzFile.parse(bytes, 100))
        .isInstanceOf(ArrayException.class)
        .hasMessage("npz arrays of more than 100 bytes");
  }

  @Property(tries = 300)
  void hostileHeadersAreNeverAnotherFailure(
      @ForAll @IntRange(min = 0, max = 200) int at, @ForAll byte value) throws Exception {
    byte[] bytes = files().get(0).fields().get(0).read().clone();
    bytes[at % bytes.length] = value;
    try {
      assertThat(NpyFile.parse(bytes).values().length).isLessThanOrEqualTo(bytes.length);
    } catch (ArrayException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static List<FloatArray> parse(SampleEntry file) throws IOException, ArrayException {
    Optional<SampleEntry.Field> npy = file.field(List.of("npy"));
    if (npy.isPresent()) {
      return List.of(NpyFile.parse(npy.get().read()));
    }
    return NpzFile.parse(file.field(List.of("npz")).orElseThrow().read(), ENOUGH);
  }

  private static List<SampleEntry> files() throws URISyntaxException {
    Path shard = Path.of(NumpyFilesTest.class.getResource("/arrays/arrays.tar").toURI());
    return ShardIndex.read(new LocalShard(shard)).samples();
  }
}
