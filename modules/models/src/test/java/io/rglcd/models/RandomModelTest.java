package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import io.rglcd.tensor.safetensors.SafetensorsFile;
import io.rglcd.tensor.safetensors.WeightFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomModelTest {

  /** More than one buffer, and odd lengths across its border. */
  private static final ParameterLayout LAYOUT =
      new Parameters().linear("first", 601, 601).norm("norm", 3).linear("last", 7, 5).layout();

  @Test
  void streamedFileHoldsExactlyTheFirstValues(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("model.safetensors");
    RandomModel.write(file, LAYOUT, 11);
    try (Scope scope = Scope.open();
        SafetensorsFile opened = SafetensorsFile.open(file)) {
      assertThat(opened.metadata()).containsEntry("format", "pt");
      Weights read = WeightFiles.load(scope, file, LAYOUT);
      Weights made = new ParameterInit(LAYOUT, 11).weights(scope);
      for (String name : LAYOUT.shapes().keySet()) {
        assertThat(read.get(name).toFloatArray()).containsExactly(made.get(name).toFloatArray());
      }
    }
    assertThat(directory.toFile().list()).containsExactly("model.safetensors");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheKnownOnes(@TempDir Path directory) {
    assertThatThrownBy(() -> RandomModel.write("sd99", directory, 1))
        .isInstanceOf(ModelException.class)
        .hasMessage("model sd99 is not known (expected: one of [sd21-unet])");
    assertThat(directory).isEmptyDirectory();
  }
}
