package io.rglcd.cli.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A case as it lies on disk. */
final class CaseDirectory implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path path;
  private final JsonNode caseJson;
  private final SafetensorsFile io;
  private final Set<String> inputs;

  private CaseDirectory(Path path, JsonNode caseJson, SafetensorsFile io) {
    this.path = path;
    this.caseJson = caseJson;
    this.io = io;
    this.inputs = new HashSet<>(texts(caseJson.path("inputs")));
  }

  /**
   * Opens a case whose case.json has been read.
   *
   * @throws ConformanceException naming a missing io.safetensors
   */
  static CaseDirectory open(Path path, JsonNode caseJson) {
    return new CaseDirectory(
        path, caseJson, SafetensorsFile.open(existing(path.resolve("io.safetensors"))));
  }

  /** Reads a JSON file. */
  static JsonNode readJson(Path file) {
    try {
      return MAPPER.readTree(Files.readAllBytes(existing(file)));
    } catch (IOException e) {
      throw new ConformanceException(file + ": not JSON: " + firstLine(e.getMessage()), e);
    }
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConformanceException("missing file: " + file + " (expected: a part of the case)");
    }
    return file;
  }

  private static String firstLine(String text) {
    return String.valueOf(text).lines().findFirst().orElse("");
  }

  private static List<String> texts(JsonNode array) {
    List<String> found = new ArrayList<>();
    array.forEach(item -> found.add(item.asText()));
    return found;
  }

  /** case.json. */
  JsonNode json() {
    return caseJson;
  }

  /** One of {@code scalars} in case.json. */
  JsonNode scalar(String name) {
    JsonNode value = caseJson.path("scalars").path(name);
    if (value.isMissingNode()) {
      throw new ConformanceException("case.json: scalars." + name + " is missing");
    }
    return value;
  }

  /** A list of texts at the top of case.json, such as {@code param_order}. */
  List<String> names(String key) {
    if (!caseJson.path(key).isArray()) {
      throw new ConformanceException("case.json: " + key + " is missing (expected: a list)");
    }
    return texts(caseJson.get(key));
  }

  /** A file of the case that must exist. */
  Path file(String name) {
    return existing(path.resolve(name));
  }

  /** A JSON file of the case that must exist. */
  JsonNode json(String name) {
    return readJson(file(name));
  }

  /** The weights of one of the case's models, float32. */
  Weights weights(Scope scope, String name, ParameterLayout layout) {
    return WeightFiles.load(scope, file(name), layout, tensor -> tensor.endsWith("position_ids"));
  }

  /** Every name in io.safetensors. */
  Set<String> tensorNames() {
    return io.tensors().keySet();
  }

  /** Whether io.safetensors has that tensor. */
  boolean has(String tensor) {
    return io.tensors().containsKey(tensor);
  }

  /** A tensor of io.safetensors as it is stored. */
  NDArray read(Scope scope, String tensor) {
    if (!has(tensor)) {
      throw new ConformanceException("io.safetensors: tensor " + tensor + " is missing");
    }
    return io.read(scope, tensor);
  }

  /** A tensor's shape. */
  Shape shape(String tensor) {
    return io.tensors().get(tensor).toShape();
  }

  /** A tensor's values. */
  TensorValues values(String tensor) {
    try (Scope scope = Scope.open()) {
      return TensorValues.of(read(scope, tensor));
    }
  }

  /** Whether the tensor is given, not expected. */
  boolean isInput(String tensor) {
    return inputs.contains(tensor) || tensor.startsWith("in.");
  }

  @Override
  public void close() {
    io.close();
  }
}
