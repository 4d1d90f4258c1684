package io.rglcd.tensor.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a file, parsed as a stream so that names given twice are seen, and checked: offsets
 * lie within the data, cover all of it, overlap nowhere, and agree with type and shape.
 */
final class SafetensorsHeader {

  /** The one key of the header that names no tensor. */
  static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final int MAX_RANK = 64;

  private final Path file;
  private final long dataBytes;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private Map<String, String> metadata;

  private SafetensorsHeader(Path file, long dataBytes) {
    this.file = file;
    this.dataBytes = dataBytes;
  }

  /**
   * Parses and checks.
   *
   * @param dataBytes number of bytes of the file after the header
   * @throws SafetensorsException naming the first thing that is wrong
   */
  static SafetensorsHeader parse(Path file, Reader json, long dataBytes) {
    SafetensorsHeader header = new SafetensorsHeader(file, dataBytes);
    try (JsonParser parser = JSON.createParser(json)) {
      header.readAll(parser);
    } catch (JsonProcessingException e) {
      throw new SafetensorsException(
          "header of " + file + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new SafetensorsException("header of " + file + " is not valid UTF-8 text", e);
    }
    header.checkCoverage();
    return header;
  }

  Map<String, TensorInfo> tensors() {
    return tensors;
  }

  Map<String, String> metadata() {
    return metadata == null ? Map.of() : metadata;
  }

  private void readAll(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw bad("is not a JSON object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (name.equals(METADATA)) {
        readMetadata(parser);
      } else if (tensors.put(name, readTensor(parser, name)) != null) {
        throw bad("names tensor " + quoted(name) + " twice");
      }
    }
    if (parser.nextToken() != null) {
      throw bad("goes on after its JSON object");
    }
  }

  private void readMetadata(JsonParser parser) throws IOException {
    if (metadata != null) {
      throw bad("names " + METADATA + " twice");
    }
    metadata = new LinkedHashMap<>();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw bad("has a " + METADATA + " that is not an object");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw bad("has metadata " + quoted(key) + " that is not a string");
      }
      if (metadata.put(key, parser.getText()) != null) {
        throw bad("names metadata " + quoted(key) + " twice");
      }
    }
  }

  private TensorInfo readTensor(JsonParser parser, String name) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw bad("has an entry " + quoted(name) + " that is not an object");
    }
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> {
          once(name, field, dtype);
          dtype = readType(parser, name);
        }
        case "shape" -> {
          once(name, field, shape);
          shape = readNumbers(parser, name, field);
        }
        case "data_offsets" -> {
          once(name, field, offsets);
          offsets = readNumbers(parser, name, field);
        }
        default -> parser.skipChildren();
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      throw bad(
          "has a tensor "
              + quoted(name)
              + " without "
              + (dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
    }
    return checked(name, dtype, shape, offsets);
  }

  private void once(String name, String field, Object before) {
    if (before != null) {
      throw bad("gives " + field + " of tensor " + quoted(name) + " twice");
    }
  }

  private DType readType(JsonParser parser, String name) throws IOException {
    String type = parser.getText();
    return DType.named(type)
        .orElseThrow(
            () ->
                bad(
                    "has a tensor "
                        + quoted(name)
                        + " of dtype "
                        + quoted(type)
                        + " (expected: one of "
                        + Arrays.toString(DType.values())
                        + ")"));
  }

  private long[] readNumbers(JsonParser parser, String name, String field) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw bad("has a tensor " + quoted(name) + " whose " + field + " is not an array");
    }
    long[] numbers = new long[MAX_RANK];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
          || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          || parser.getLongValue() < 0) {
        throw bad(
            "has a tensor "
                + quoted(name)
                + " whose "
                + field
                + " holds "
                + quoted(parser.getText())
                + " (expected: integers from 0 to 2^63-1)");
      }
      if (count == MAX_RANK) {
        throw bad(
            "has a tensor "
                + quoted(name)
                + " whose "
                + field
                + " is longer than "
                + MAX_RANK
                + " numbers");
      }
      numbers[count++] = parser.getLongValue();
    }
    return Arrays.copyOf(numbers, count);
  }

  private TensorInfo checked(String name, DType dtype, long[] shape, long[] offsets) {
    if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
      throw bad(
          "has a tensor "
              + quoted(name)
              + " with data_offsets "
              + Arrays.toString(offsets)
              + " (expected: [begin, end] within the "
              + dataBytes
              + " bytes of data that follow)");
    }
    long bytes = byteCount(name, dtype, shape);
    if (bytes != offsets[1] - offsets[0]) {
      throw bad(
          "has a tensor "
              + quoted(name)
              + " of "
              + (offsets[1] - offsets[0])
              + " bytes (expected: "
              + bytes
              + " for "
              + dtype
              + Arrays.toString(shape)
              + ")");
    }
    return new TensorInfo(dtype, shape, offsets[0], offsets[1]);
  }

  private long byteCount(String name, DType dtype, long[] shape) {
    try {
      long bytes = dtype.bytes();
      for (long length : shape) {
        bytes = Math.multiplyExact(bytes, length);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw bad("has a tensor " + quoted(name) + " of absurd shape " + Arrays.toString(shape));
    }
  }

  private void checkCoverage() {
    List<Map.Entry<String, TensorInfo>> ordered = new ArrayList<>(tensors.entrySet());
    ordered.sort(
        Comparator.<Map.Entry<String, TensorInfo>>comparingLong(e -> e.getValue().begin())
            .thenComparingLong(e -> e.getValue().end()));
    long covered = 0;
    String before = "";
    for (Map.Entry<String, TensorInfo> entry : ordered) {
      long begin = entry.getValue().begin();
      if (begin < covered) {
        throw bad("has tensors " + quoted(before) + " and " + quoted(entry.getKey()) + " overlap");
      }
      if (begin > covered) {
        throw bad("leaves bytes " + covered + " to " + begin + " of the data to no tensor");
      }
      covered = entry.getValue().end();
      before = entry.getKey();
    }
    if (covered != dataBytes) {
      throw bad("leaves the last " + (dataBytes - covered) + " bytes of the data to no tensor");
    }
  }

  private SafetensorsException bad(String offence) {
    return new SafetensorsException("header of " + file + " " + offence);
  }

  /** A name from a file that is not trusted, short and without control characters. */
  static String quoted(String text) {
    String shown = text.length() > 120 ? text.substring(0, 120) + "..." : text;
    return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
