package io.rglcd.models;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Typed reading of a model's config.json, with errors that name the key. */
final class JsonConfig {

  /** Keeps decimal numbers as they were written, so that saving does not change them. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final JsonNode node;

  JsonConfig(JsonNode node) {
    this.node = node;
  }

  /**
   * Parses a file.
   *
   * @throws ModelException if it is missing or no JSON object
   */
  static JsonNode read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException("file missing: " + file);
    }
    try {
      JsonNode node = MAPPER.readTree(file.toFile());
      if (node == null || !node.isObject()) {
        throw new ModelException(file + " is not a JSON object");
      }
      return node;
    } catch (IOException e) {
      throw new ModelException(file + " is not readable as JSON: " + e.getMessage(), e);
    }
  }

  /** A configuration that comes with this module. */
  static JsonNode resource(String name) {
    try (InputStream in = JsonConfig.class.getResourceAsStream(name)) {
      return MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a configuration as diffusers lays it out: two spaces, one value a line. */
  static void write(Path file, JsonNode json) throws IOException {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter layout =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withArrayIndenter(indenter)
            .withObjectIndenter(indenter);
    Files.writeString(file, MAPPER.writer(layout).writeValueAsString(json) + "\n");
  }

  boolean has(String key) {
    return node.hasNonNull(key);
  }

  int integer(String key) {
    return required(key, node.path(key).isInt(), "an integer").intValue();
  }

  int integer(String key, int otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  double number(String key, double otherwise) {
    return has(key)
        ? required(key, node.path(key).isNumber(), "a number").doubleValue()
        : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    return has(key)
        ? required(key, node.path(key).isBoolean(), "true or false").booleanValue()
        : otherwise;
  }

  String text(String key, String otherwise) {
    return has(key) ? required(key, node.path(key).isTextual(), "a string").textValue() : otherwise;
  }

  List<Integer> integers(String key) {
    List<Integer> values = new ArrayList<>();
    for (JsonNode item : required(key, node.path(key).isArray(), "a list of integers")) {
      required(key, item.isInt(), "a list of integers");
      values.add(item.intValue());
    }
    return values;
  }

  /** A list, or one integer that stands for {@code count} equal ones. */
  List<Integer> integers(String key, int count) {
    if (node.path(key).isInt()) {
      return Collections.nCopies(count, integer(key));
    }
    List<Integer> values = integers(key);
    if (values.size() != count) {
      throw new ModelException(
          "config "
              + key
              + ": "
              + values.size()
              + " values (expected: "
              + count
              + ", one a level)");
    }
    return values;
  }

  List<String> texts(String key) {
    List<String> values = new ArrayList<>();
    required(key, node.path(key).isArray(), "a list of strings")
        .forEach(item -> values.add(item.textValue()));
    return values;
  }

  /** Refuses a list of another length or with another value in it. */
  void allAre(String key, String supported, int count) {
    List<String> values = texts(key);
    if (!values.equals(Collections.nCopies(count, supported))) {
      throw new ModelException(
          "config "
              + key
              + ": "
              + values
              + " is not supported (expected: "
              + count
              + " times "
              + supported
              + ")");
    }
  }

  /** Refuses a value that the network does not implement; absent and null pass. */
  void only(String key, Object supported) {
    JsonNode value = node.path(key);
    boolean same =
        (value.isNumber() && supported instanceof Number number)
            ? value.doubleValue() == number.doubleValue()
            : value.asText().equals(supported.toString());
    if (!value.isMissingNode() && !value.isNull() && !same) {
      throw new ModelException(
          "config " + key + ": " + value + " is not supported (expected: " + supported + ")");
    }
  }

  /** Refuses any value but null, false and absence. */
  void absent(String key) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode()
        && !value.isNull()
        && !(value.isBoolean() && !value.booleanValue())) {
      throw new ModelException(
          "config " + key + ": " + value + " is not supported (expected: null)");
    }
  }

  /** Refuses a count that does not divide a width. */
  static void divides(String key, int count, String widthKey, int width) {
    if (count < 1 || width % count != 0) {
      throw new ModelException(
          "config "
              + key
              + ": "
              + count
              + " (expected: a divisor of "
              + width
              + " in "
              + widthKey
              + ")");
    }
  }

  private JsonNode required(String key, boolean ok, String expected) {
    if (!ok) {
      throw new ModelException(
          "config " + key + ": " + node.path(key) + " (expected: " + expected + ")");
    }
    return node.get(key);
  }
}
