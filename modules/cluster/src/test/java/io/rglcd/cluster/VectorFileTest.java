package io.rglcd.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFileTest {

  @TempDir Path folder;

  @Test
  void tensorsAreReadBackAndTheirBytesSummedUp() throws IOException {
    Path file = folder.resolve("vectors");
    try (Scope scope = Scope.open()) {
      VectorFile.write(
          file, List.of(scope.create(new float[] {1.5f, -2}), scope.create(new float[] {3})));
      NDArray first = scope.manager().zeros(new Shape(1));
      NDArray second = scope.manager().zeros(new Shape(2));
      long crc = VectorFile.read(file, List.of(first, second));
      assertThat(first.toFloatArray()).containsExactly(1.5f);
      assertThat(second.toFloatArray()).containsExactly(-2, 3);
      CRC32C expected = new CRC32C();
      expected.update(Files.readAllBytes(file));
      assertThat(crc).isEqualTo(expected.getValue());
    }
  }

  @Test
  void fileThatIsTooShortOrMissingIsNamed() {
    Path file = folder.resolve("vectors");
    try (Scope scope = Scope.open()) {
      List<NDArray> two = List.of(scope.create(new float[] {1, 2}));
      assertThatThrownBy(() -> VectorFile.read(file, two))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("cannot read " + file);
      VectorFile.write(file, List.of(scope.create(1f)));
      assertThatThrownBy(() -> VectorFile.read(file, two))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("cannot read " + file + ": it is too short");
      assertThatThrownBy(() -> VectorFile.write(folder.resolve("no/such"), two))
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("cannot write");
    }
  }
}
