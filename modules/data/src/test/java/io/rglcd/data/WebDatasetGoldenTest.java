package io.rglcd.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.data.image.ImageDecoder;
import io.rglcd.data.image.ImageTransform;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.image.Square;
import io.rglcd.data.shard.SampleEntry;
import io.rglcd.data.shard.ShardIndex;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The golden shards, read as the original pipeline reads them. */
class WebDatasetGoldenTest {

  private static final int RESOLUTION = 24;
  private static final BatchOptions OPTIONS = BatchOptions.of(RESOLUTION);

  private static Path folder;
  private static JsonNode samples;
  private static DataSet data;

  @BeforeAll
  static void read() throws IOException, URISyntaxException {
    folder = Path.of(WebDatasetGoldenTest.class.getResource("/golden/webdataset").toURI());
    samples = new ObjectMapper().readTree(folder.resolve("case.json").toFile()).get("samples");
    data = DataSet.find(List.of(folder + "/shard-{000000..000002}.tar"));
  }

  @Test
  void groupsFilesIntoTheOriginalsSamples() {
    List<String> expected = new ArrayList<>();
    for (JsonNode sample : samples) {
      TreeMap<String, Long> files = new TreeMap<>();
      sample
          .get("files")
          .fields()
          .forEachRemaining(f -> files.put(f.getKey(), f.getValue().longValue()));
      expected.add(sample.get("key").textValue() + files);
    }
    List<String> found = new ArrayList<>();
    for (ShardIndex shard : data.shards()) {
      for (SampleEntry sample : shard.samples()) {
        TreeMap<String, Long> files = new TreeMap<>();
        sample.fields().forEach(f -> files.put(f.name(), f.size()));
        found.add(sample.key() + files);
      }
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void keepsAndDropsWhatTheOriginalDoes() {
    List<String> unlike = new ArrayList<>();
    for (JsonNode sample : samples) {
      Optional<DecodedSample> decoded = decode(sample);
      boolean kept = sample.get("kept_sd").booleanValue();
      List<String> captions = List.of(sample.path("caption").asText());
      boolean sameCaption = decoded.isEmpty() || decoded.get().captions().equals(captions);
      if (decoded.isPresent() != kept || !sameCaption) {
        unlike.add(sample.get("index") + ": " + decoded);
      }
    }
    assertThat(unlike).isEmpty();
  }

  @Test
  void pixelsEqualTheOriginals() throws IOException {
    int compared = 0;
    for (JsonNode sample : samples) {
      if (sample.get("kept_sd").booleanValue()) {
        RgbImage image = decode(sample).orElseThrow().image();
        float[] pixels = new float[3 * RESOLUTION * RESOLUTION];
        int top = sample.get("crop_top").intValue();
        int left = sample.get("crop_left").intValue();
        ImageTransform.crop(image, new Square(top, left, RESOLUTION, false), pixels, 0);
        float[] expected = expectedPixels(sample.get("index").intValue());
        if (sample.get("lossless").booleanValue()) {
          assertThat(pixels).as(sample.toString()).isEqualTo(expected);
        } else {
          assertThat(meanDistance(pixels, expected)).as(sample.toString()).isLessThan(0.02);
          assertThat(maxDistance(pixels, expected)).as(sample.toString()).isLessThan(0.12);
        }
        compared++;
      }
    }
    assertThat(compared).isEqualTo(42);
  }

  @Test
  void losslessPicturesDecodeToTheSameBytes() throws Exception {
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS);
    for (JsonNode sample : samples) {
      if (sample.path("lossless").asBoolean()) {
        SampleEntry.Field field = entry(sample).field(SampleReader.IMAGES).orElseThrow();
        assertThat(sha256(decoder.decode(field.read()).rgb()))
            .as(sample.toString())
            .isEqualTo(sample.get("rgb_sha256").textValue());
      }
    }
  }

  private static Optional<DecodedSample> decode(JsonNode sample) {
    try {
      return Optional.of(new SampleReader(OPTIONS).read(entry(sample)));
    } catch (UnusableSampleException e) {
      return Optional.empty();
    }
  }

  private static SampleEntry entry(JsonNode sample) {
    List<SampleEntry> all = data.shards().stream().flatMap(s -> s.samples().stream()).toList();
    return all.get(sample.get("index").intValue());
  }

  private static float[] expectedPixels(int index) throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("io.safetensors")))
            .order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) file.getLong();
    byte[] header = new byte[length];
    file.get(header);
    JsonNode offsets =
        new ObjectMapper().readTree(header).get("out.pixels." + index).get("data_offsets");
    float[] pixels = new float[3 * RESOLUTION * RESOLUTION];
    file.position(8 + length + offsets.get(0).intValue());
    file.asFloatBuffer().get(pixels);
    return pixels;
  }

  private static double meanDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static double maxDistance(float[] a, float[] b) {
    double max = 0;
    for (int i = 0; i < a.length; i++) {
      max = Math.max(max, Math.abs(a[i] - b[i]));
    }
    return max;
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
