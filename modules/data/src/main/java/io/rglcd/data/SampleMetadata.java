package io.rglcd.data;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The json file of a sample. Numbers count as they do in the original's Python: a missing or null
 * size is 0 and a truth value 0 or 1, and what is no number fits no bound.
 *
 * @param json what the file holds; missing where there is no such file
 */
public record SampleMetadata(JsonNode json) {

  /** Of a sample without a json file. */
  public static final SampleMetadata NONE = new SampleMetadata(MissingNode.getInstance());

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String WIDTH = "original_width";
  private static final String HEIGHT = "original_height";
  private static final String WATERMARK = "pwatermark";

  /**
   * The metadata in the bytes of a json file; Python's {@code NaN} and {@code Infinity} are read.
   *
   * @throws IOException where they are not JSON
   */
  public static SampleMetadata parse(byte[] bytes) throws IOException {
    JsonNode json = JSON.readTree(bytes);
    if (json.isMissingNode()) {
      throw new IOException("the file is empty");
    }
    return new SampleMetadata(json);
  }

  /** Whether there is a json file. */
  public boolean isPresent() {
    return !json.isMissingNode();
  }

  /** Width of the picture before it was put into the shard, 0 where that is not known. */
  public int originalWidth() {
    return (int) orZero(WIDTH);
  }

  /** Height of the picture before it was put into the shard, 0 where that is not known. */
  public int originalHeight() {
    return (int) orZero(HEIGHT);
  }

  /**
   * Whether both original sides are at least so long, by the rule of the original's {@code
   * WebdatasetFilter}.
   *
   * @param minSize in pixels
   */
  public boolean isAtLeast(double minSize) {
    return json.isObject()
        && falsyAs(0, WIDTH) >= minSize
        && number(json.path(HEIGHT), 0) >= minSize;
  }

  /**
   * Whether the probability of a watermark is at most so high, by the rule of the original's {@code
   * WebdatasetFilter}: no probability, null and exactly 0 all count as 1 there.
   *
   * @param maxProbability 0 to 1
   */
  public boolean isWatermarkAtMost(double maxProbability) {
    return json.isObject() && falsyAs(1, WATERMARK) <= maxProbability;
  }

  /** Whether the json file says nothing of watermarks, which is a frequent surprise. */
  boolean lacksWatermark() {
    return !json.hasNonNull(WATERMARK);
  }

  /** The text or texts of a field; empty where it has none. */
  Optional<List<String>> texts(String field) {
    List<String> texts = new ArrayList<>();
    JsonNode value = json.path(field);
    Iterable<JsonNode> values = value.isArray() ? value : List.of(value);
    values.forEach(
        text -> {
          if (text.isTextual()) {
            texts.add(text.textValue());
          }
        });
    return texts.isEmpty() ? Optional.empty() : Optional.of(texts);
  }

  /** The original's {@code int(...)}, which reads digits too. */
  private double orZero(String field) {
    JsonNode value = json.path(field);
    if (value.isTextual() && value.textValue().strip().matches("[+-]?\\d{1,9}")) {
      return Integer.parseInt(value.textValue().strip());
    }
    double number = number(value, 0);
    return Double.isNaN(number) ? 0 : number;
  }

  /** Python's {@code get(field, otherwise) or otherwise}. */
  private double falsyAs(double otherwise, String field) {
    JsonNode value = json.path(field);
    boolean emptyText = value.isTextual() && value.textValue().isEmpty();
    boolean emptyContainer = value.isContainerNode() && value.isEmpty();
    boolean falsy = value.isNull() || emptyText || emptyContainer;
    double number = falsy ? 0 : number(value, otherwise);
    return number == 0 ? otherwise : number;
  }

  /** NaN, which fits no bound, for what Python could not compare with a number. */
  private static double number(JsonNode value, double ifMissing) {
    if (value.isMissingNode()) {
      return ifMissing;
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? 1 : 0;
    }
    return value.isNumber() ? value.doubleValue() : Double.NaN;
  }
}
