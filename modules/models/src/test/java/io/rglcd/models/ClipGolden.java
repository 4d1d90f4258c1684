package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import java.nio.file.Path;

/** One golden case of a CLIP network, and how near a result must come to it. */
final class ClipGolden implements AutoCloseable {

  private final Path directory;
  private final SafetensorsFile tensors;
  private final JsonNode tolerance;

  ClipGolden(String name) {
    directory = Path.of("src/test/resources/golden", name);
    tensors = SafetensorsFile.open(directory.resolve("io.safetensors"));
    tolerance = JsonConfig.read(directory.resolve("case.json")).path("tolerance");
  }

  JsonNode config() {
    return JsonConfig.read(directory.resolve("config.json"));
  }

  Path weights() {
    return directory.resolve("weights.safetensors");
  }

  NDArray read(Scope scope, String name) {
    return tensors.read(scope, name);
  }

  void assertMatches(NDArray got, Scope scope, String name) {
    NDArray wanted = read(scope, name);
    assertThat(got.getShape()).as(name).isEqualTo(wanted.getShape());
    float[] expected = wanted.toFloatArray();
    float[] actual = got.toFloatArray();
    double max = 0;
    for (float value : expected) {
      max = Math.max(max, Math.abs(value));
    }
    double allowed =
        tolerance.path("abs").doubleValue() + tolerance.path("rel_to_max").doubleValue() * max;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      assertThat(difference).as("%s[%d]", name, i).isLessThanOrEqualTo(allowed);
    }
  }

  @Override
  public void close() {
    tensors.close();
  }
}
