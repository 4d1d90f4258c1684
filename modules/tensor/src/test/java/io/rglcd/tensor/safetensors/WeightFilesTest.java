package io.rglcd.tensor.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightFilesTest {

  @TempDir Path dir;

  private ParameterLayout layout;

  @BeforeEach
  void twoParameters() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("b.weight", new Shape(1, 2));
    shapes.put("a.bias", new Shape(1));
    layout = ParameterLayout.of(shapes);
  }

  private Path good(String name) {
    return RawFile.write(
        dir.resolve(name),
        "{\"b.weight\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,16]},"
            + "\"a.bias\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[16,18]}}",
        new byte[] {0, 0, 0, 0, 0, 0, -16, 63, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0x42});
  }

  private void assertLoads(Path path) {
    try (Scope scope = Scope.open()) {
      Weights weights = WeightFiles.load(scope, path, layout);
      assertThat(weights.all().keySet()).containsExactly("b.weight", "a.bias");
      assertThat(weights.get("b.weight").getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(weights.get("b.weight").toFloatArray()).containsExactly(1f, 2f);
      assertThat(weights.get("a.bias").toFloatArray()).containsExactly(3f);
    }
  }

  @Test
  void loadsEveryFloatingTypeAsSinglesInTheOrderOfTheLayout() {
    assertLoads(good("w.safetensors"));
  }

  @Test
  void findsAFileByItsPrefixOrItsDirectory() {
    good("diffusion_pytorch_model.safetensors");
    assertLoads(dir.resolve("diffusion_pytorch_model"));
    assertLoads(dir);
  }

  @Test
  void loadsACheckpointInSeveralFiles() throws IOException {
    RawFile.write(
        dir.resolve("m-1.safetensors"),
        "{\"b.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}}",
        RawFile.floats(1, 2));
    RawFile.write(
        dir.resolve("m-2.safetensors"),
        "{\"a.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        RawFile.floats(3));
    Path index = dir.resolve("model.safetensors.index.json");
    Files.writeString(
        index,
        "{\"metadata\":{\"total_size\":12},\"weight_map\":"
            + "{\"a.bias\":\"m-2.safetensors\",\"b.weight\":\"m-1.safetensors\"}}");
    assertLoads(index);
    assertLoads(dir.resolve("model"));
    assertThat(WeightFiles.list(index)).containsOnlyKeys("a.bias", "b.weight");
  }

  @Test
  void namesMissingUnknownAndMisshapenTensorsInOneMessage() {
    Path path =
        RawFile.write(
            dir.resolve("w.safetensors"),
            "{\"b.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                + "\"extra\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
            RawFile.floats(1, 2, 3));
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> WeightFiles.load(scope, path, layout))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("missing a.bias")
          .hasMessageContaining("unknown 'extra'")
          .hasMessageContaining("b.weight: (2, 1) (expected: (1, 2))")
          .hasMessageContaining("w.safetensors");
    }
  }

  @Test
  void toleratesOnlyTheUnknownNamesThatItMayIgnore() {
    Path path =
        RawFile.write(
            dir.resolve("w.safetensors"),
            "{\"b.weight\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"a.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                + "\"a.position_ids\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[12,16]}}",
            RawFile.floats(1, 2, 3, 4));
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> WeightFiles.load(scope, path, layout))
          .hasMessageContaining("unknown 'a.position_ids'");
      Weights weights =
          WeightFiles.load(scope, path, layout, name -> name.endsWith("position_ids"));
      assertThat(weights.all()).containsOnlyKeys("b.weight", "a.bias");
    }
  }

  @Test
  void refusesWeightsThatAreIntegers() {
    Path path =
        RawFile.write(
            dir.resolve("w.safetensors"),
            "{\"b.weight\":{\"dtype\":\"I32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"a.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
            RawFile.floats(1, 2, 3));
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> WeightFiles.load(scope, path, layout))
          .hasMessageContaining("b.weight: I32 (expected: floating point)");
    }
  }

  @Test
  void saysWhereItLookedWhenThereIsNothing() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> WeightFiles.load(scope, dir.resolve("unet"), layout))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("weights missing")
          .hasMessageContaining("unet.safetensors.index.json");
    }
  }

  @Test
  void refusesAnIndexThatPointsElsewhereOrAtNothing() throws IOException {
    good("w.safetensors");
    Path index = dir.resolve("m.safetensors.index.json");
    for (String file : new String[] {"\"../w.safetensors\"", "\"/etc/passwd\"", "\"..\"", "7"}) {
      Files.writeString(index, "{\"weight_map\":{\"a.bias\":" + file + "}}");
      assertThatThrownBy(() -> WeightFiles.list(index))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("'a.bias'");
    }
    Files.writeString(index, "{\"weight_map\":{\"c\":\"w.safetensors\"}}");
    assertThatThrownBy(() -> WeightFiles.list(index)).hasMessageContaining("'c'");
    Files.writeString(index, "{\"weight_map\":{\"c\":\"gone.safetensors\"}}");
    assertThatThrownBy(() -> WeightFiles.list(index)).hasMessageContaining("gone.safetensors");
    Files.writeString(index, "{\"weight_map\":{");
    assertThatThrownBy(() -> WeightFiles.list(index)).isInstanceOf(SafetensorsException.class);
  }
}
