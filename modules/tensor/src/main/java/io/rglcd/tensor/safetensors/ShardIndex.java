package io.rglcd.tensor.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code *.safetensors.index.json} of a checkpoint in several files: a {@code weight_map} of
 * tensor names to names of files beside the index.
 */
final class ShardIndex {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private ShardIndex() {}

  /**
   * Tensor name to the file that holds it, in the order of the index.
   *
   * @throws SafetensorsException if the index is missing, malformed, or points out of its directory
   */
  static Map<String, Path> read(Path index) {
    JsonNode map = parse(index).path("weight_map");
    if (!map.isObject()) {
      throw new SafetensorsException("index " + index + " has no object weight_map");
    }
    Map<String, Path> files = new LinkedHashMap<>();
    map.fields()
        .forEachRemaining(
            entry -> files.put(entry.getKey(), sibling(index, entry.getKey(), entry.getValue())));
    return files;
  }

  private static JsonNode parse(Path index) {
    try {
      if (Files.size(index) > SafetensorsFile.MAX_HEADER_BYTES) {
        throw new SafetensorsException(
            "index " + index + " is longer than " + SafetensorsFile.MAX_HEADER_BYTES + " bytes");
      }
      return JSON.readTree(index.toFile());
    } catch (NoSuchFileException e) {
      throw new SafetensorsException("safetensors index missing: " + index, e);
    } catch (IOException e) {
      throw new SafetensorsException("index " + index + " is not readable JSON: " + e, e);
    }
  }

  private static Path sibling(Path index, String tensor, JsonNode file) {
    String name = file.asText();
    if (!file.isTextual() || !name.matches("[^/\\\\\\p{Cntrl}]+") || name.matches("\\.+")) {
      throw new SafetensorsException(
          "index "
              + index
              + " places tensor "
              + SafetensorsHeader.quoted(tensor)
              + " in "
              + SafetensorsHeader.quoted(file.toString())
              + " (expected: the name of a file beside it)");
    }
    return index.resolveSibling(name);
  }
}
