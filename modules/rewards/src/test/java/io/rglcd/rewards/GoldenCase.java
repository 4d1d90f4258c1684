package io.rglcd.rewards;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** One golden case and the comparison of results with it. */
final class GoldenCase implements AutoCloseable {

  private final Path directory;
  private final SafetensorsFile io;
  private final Scope scope = Scope.open();

  GoldenCase(String name) {
    directory = Path.of("src/test/resources/golden", name);
    io = SafetensorsFile.open(directory.resolve("io.safetensors"));
  }

  Scope scope() {
    return scope;
  }

  JsonNode config() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("config.json").toFile());
  }

  Path weights() {
    return directory.resolve("weights.safetensors");
  }

  Set<String> names() {
    return io.tensors().keySet();
  }

  NDArray read(String name) {
    return io.read(scope, name);
  }

  /** Passes where each entry is within {@code abs + relToMax * max|expected|}. */
  void check(String name, float[] got, double abs, double relToMax) {
    float[] expected = read(name).toFloatArray();
    assertThat(got).as(name).hasSameSizeAs(expected);
    double max = 0;
    for (float value : expected) {
      max = Math.max(max, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs((double) got[i] - expected[i]))
          .as("error of %s[%d]", name, i)
          .isLessThanOrEqualTo(abs + relToMax * max);
    }
  }

  void check(String name, NDArray got, double abs, double relToMax) {
    assertThat(got.getShape()).as(name).isEqualTo(read(name).getShape());
    check(name, got.toFloatArray(), abs, relToMax);
  }

  @Override
  public void close() {
    scope.close();
    io.close();
  }
}
