package io.rglcd.tensor.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TorchFunction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  @TempDir Path dir;

  @Test
  void writesWhatTheFormatSaysByteForByte() throws IOException {
    Path path = dir.resolve("bytes.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      tensors.put(
          "u", scope.manager().create(new byte[] {7}, new Shape(1)).toType(DataType.UINT8, true));
      tensors.put("w", scope.manager().create(new float[] {1f, 2f}, new Shape(1, 2)));
      SafetensorsWriter.write(path, tensors, SafetensorsWriter.PYTORCH);
    }
    byte[] bytes = Files.readAllBytes(path);
    int headerBytes = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(headerBytes % 8).isZero();
    assertThat(new String(bytes, 8, headerBytes, StandardCharsets.UTF_8).stripTrailing())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"u\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]}}");
    assertThat(bytes).hasSize(8 + headerBytes + 9).endsWith(0, 0, -128, 63, 0, 0, 0, 64, 7);
  }

  @Test
  void givesBackEveryTypeThatItWrites() {
    Path path = dir.resolve("types.safetensors");
    try (Scope scope = Scope.open()) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      tensors.put("d", scope.manager().create(new double[] {Math.PI, -0.0}));
      tensors.put("l", scope.manager().create(new long[] {Long.MIN_VALUE, 3}, new Shape(2, 1)));
      tensors.put("i", scope.manager().create(new int[] {-5}, new Shape()));
      tensors.put("b", scope.manager().create(new boolean[] {true, false, true}));
      tensors.put("f", scope.manager().create(new float[] {Float.MIN_VALUE, Float.NaN}));
      tensors.put("e", scope.manager().zeros(new Shape(3, 0, 2)));
      SafetensorsWriter.write(path, tensors, Map.of());
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.metadata()).isEmpty();
        assertThat(file.read(scope, "d").toDoubleArray()).containsExactly(Math.PI, -0.0);
        assertThat(file.read(scope, "l").toLongArray()).containsExactly(Long.MIN_VALUE, 3);
        assertThat(file.read(scope, "l").getShape()).isEqualTo(new Shape(2, 1));
        assertThat(file.read(scope, "i").getShape()).isEqualTo(new Shape());
        assertThat(file.read(scope, "i").toIntArray()).containsExactly(-5);
        assertThat(file.read(scope, "b").toBooleanArray()).containsExactly(true, false, true);
        assertThat(file.read(scope, "f").toFloatArray())
            .containsExactly(Float.MIN_VALUE, Float.NaN);
        assertThat(file.read(scope, "e").getShape()).isEqualTo(new Shape(3, 0, 2));
      }
    }
  }

  @Test
  void writesViewsInRowMajorOrderAndLeavesThatRecordGradients() {
    TorchFunction transpose =
        TorchFunction.of(
            """
            def forward(self, x: Tensor) -> Tensor:
              return torch.transpose(x, 0, 1)
            """);
    TorchFunction tail =
        TorchFunction.of(
            """
            def forward(self, x: Tensor) -> Tensor:
              return x[1:]
            """);
    Path path = dir.resolve("views.safetensors");
    try (Scope scope = Scope.open()) {
      NDArray x = scope.manager().create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
      NDArray leaf = Autograd.leaf(scope, x);
      SafetensorsWriter.write(
          path,
          Map.of("t", transpose.call(scope, x), "tail", tail.call(scope, x), "leaf", leaf),
          Map.of());
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.read(scope, "t").toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(file.read(scope, "tail").toFloatArray()).containsExactly(4, 5, 6);
        assertThat(file.read(scope, "leaf").toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
  }

  @Test
  void replacesAFileWhoseOldTensorsAreStillInUse() {
    Path path = dir.resolve("again.safetensors");
    try (Scope scope = Scope.open()) {
      SafetensorsWriter.write(path, Map.of("w", scope.manager().create(new float[] {1})), Map.of());
      NDArray before;
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        before = file.read(scope, "w");
      }
      SafetensorsWriter.write(path, Map.of("w", scope.manager().create(new float[] {2})), Map.of());
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertThat(file.read(scope, "w").toFloatArray()).containsExactly(2);
      }
      assertThat(before.toFloatArray()).containsExactly(1);
    }
  }

  @Test
  void aFailureNamesItsReasonAndLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = dir.resolve("kept.safetensors");
    try (Scope scope = Scope.open()) {
      NDArray good = scope.manager().create(new float[] {1});
      SafetensorsWriter.write(path, Map.of("w", good), Map.of());
      byte[] before = Files.readAllBytes(path);
      NDArray other = scope.manager().create(new float[] {1});
      NDArray bytes = scope.manager().create(new byte[] {1});
      assertThatThrownBy(
              () -> SafetensorsWriter.write(path, Map.of("w", good, "q", bytes), Map.of()))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("'q'")
          .hasMessageContaining("int8");
      assertThatThrownBy(
              () ->
                  SafetensorsWriter.write(
                      dir.resolve("no/such/dir.safetensors"), Map.of("w", other), Map.of()))
          .isInstanceOf(SafetensorsException.class)
          .hasMessageContaining("no/such/dir.safetensors")
          .hasMessageContaining("no such file or directory");
      assertThat(Files.readAllBytes(path)).isEqualTo(before);
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files).containsExactly(path);
    }
  }
}
