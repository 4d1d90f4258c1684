package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.nio.file.Path;

/** One folder of golden data and the comparison with it. */
final class GoldenCase implements AutoCloseable {

  private final Path directory;
  private final SafetensorsFile io;
  final Scope scope = Scope.open();

  GoldenCase(String name) {
    this.directory = Path.of("src/test/resources/golden", name);
    this.io = SafetensorsFile.open(directory.resolve("io.safetensors"));
  }

  JsonNode config() {
    return JsonConfig.read(directory.resolve("config.json"));
  }

  JsonNode description() {
    return JsonConfig.read(directory.resolve("case.json"));
  }

  Weights weights(ParameterLayout layout) {
    return WeightFiles.load(scope, directory.resolve("weights.safetensors"), layout);
  }

  NDArray tensor(String name) {
    return io.read(scope, name);
  }

  boolean has(String name) {
    return io.tensors().containsKey(name);
  }

  /** Passes when every entry is within {@code abs + rel * max|expected|}. */
  void check(String name, NDArray got, double abs, double rel) {
    NDArray expected = tensor(name);
    assertThat(got.getShape()).as("shape of " + name).isEqualTo(expected.getShape());
    double[] want = values(expected);
    double[] have = values(got);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < want.length; i++) {
      largest = Math.max(largest, Math.abs(want[i]));
      error =
          Math.max(error, Double.isNaN(have[i]) ? Double.MAX_VALUE : Math.abs(want[i] - have[i]));
    }
    assertThat(error).as("largest error of " + name).isLessThanOrEqualTo(abs + rel * largest);
  }

  /** The largest difference of two recorded tensors, relative to the second's largest entry. */
  double distance(String name, String reference) {
    double[] have = values(tensor(name));
    double[] want = values(tensor(reference));
    double largest = 0;
    double error = 0;
    for (int i = 0; i < want.length; i++) {
      largest = Math.max(largest, Math.abs(want[i]));
      error = Math.max(error, Math.abs(want[i] - have[i]));
    }
    return error / largest;
  }

  static double[] values(NDArray array) {
    if (array.getDataType() == DataType.FLOAT64) {
      return array.toDoubleArray();
    }
    float[] floats = array.toFloatArray();
    double[] values = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  @Override
  public void close() {
    scope.close();
    io.close();
  }
}
