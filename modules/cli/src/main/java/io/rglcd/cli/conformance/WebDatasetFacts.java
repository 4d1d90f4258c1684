package io.rglcd.cli.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.data.SampleMetadata;
import io.rglcd.data.SampleReader;
import io.rglcd.data.image.ImageDecoder;
import io.rglcd.data.image.ImageException;
import io.rglcd.data.image.ImageFormat;
import io.rglcd.data.image.RgbImage;
import io.rglcd.data.shard.SampleEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a case of kind {@code webdataset} records of a sample besides its pixels.
 *
 * @param entry where the sample lies
 */
record WebDatasetFacts(SampleEntry entry) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The original's, where a case names none. */
  private static final double DEFAULT_MIN_SIZE = 1024;

  private static final double DEFAULT_MAX_WATERMARK = 0.5;

  /** A value as it comes back from a JSON file. */
  static JsonNode json(Object value) {
    try {
      return MAPPER.readTree(MAPPER.writeValueAsBytes(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String shard() {
    return Path.of(entry.fields().get(0).shard().name()).getFileName().toString();
  }

  Map<String, Long> files() {
    Map<String, Long> files = new TreeMap<>();
    entry.fields().forEach(field -> files.put(field.name(), field.size()));
    return files;
  }

  boolean hasMetadata() {
    return entry.field(List.of(SampleReader.METADATA)).isPresent();
  }

  /** What the original's optional filter says, which lets no broken json file through. */
  boolean passesFilter(JsonNode filter) {
    try {
      SampleMetadata metadata = metadata();
      return metadata.isAtLeast(filter.path("min_size").asDouble(DEFAULT_MIN_SIZE))
          && metadata.isWatermarkAtMost(
              filter.path("max_pwatermark").asDouble(DEFAULT_MAX_WATERMARK));
    } catch (IOException e) {
      return false;
    }
  }

  /** Width and height of the original as its json file states them. */
  List<Integer> originalSize() {
    try {
      SampleMetadata metadata = metadata();
      return List.of(metadata.originalWidth(), metadata.originalHeight());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files that the original has no decoder for stay bytes there. */
  String captionType() {
    return entry
        .field(SampleReader.CAPTIONS)
        .filter(field -> field.name().equals("caption"))
        .map(field -> "bytes")
        .orElse("str");
  }

  String encoding() {
    return ImageFormat.of(picture()).map(ImageFormat::name).orElse("");
  }

  List<Integer> decodedSize() {
    return List.of(decoded().width(), decoded().height());
  }

  String decodedSha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(decoded().rgb()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private SampleMetadata metadata() throws IOException {
    SampleEntry.Field file = entry.field(List.of(SampleReader.METADATA)).orElse(null);
    return file == null ? SampleMetadata.NONE : SampleMetadata.parse(file.read());
  }

  private RgbImage decoded() {
    try {
      return new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS).decode(picture());
    } catch (ImageException e) {
      throw new ConformanceException("sample " + entry.key() + ": " + e.getMessage(), e);
    }
  }

  private byte[] picture() {
    try {
      return entry.field(SampleReader.IMAGES).orElseThrow().read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
