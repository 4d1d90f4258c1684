package io.rglcd.tensor.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedWriterTest {

  @TempDir Path dir;

  private static Map<String, NDArray> threeTensors(Scope scope) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put("a", scope.manager().create(new float[] {1, 2}));
    tensors.put("b", scope.manager().create(new float[] {3, 4, 5, 6}));
    tensors.put("c", scope.manager().create(new float[] {7}));
    return tensors;
  }

  private static void assertLoads(Scope scope, Path path) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("c", new Shape(1));
    shapes.put("a", new Shape(2));
    shapes.put("b", new Shape(4));
    Weights weights = WeightFiles.load(scope, path, ParameterLayout.of(shapes));
    assertThat(weights.get("a").toFloatArray()).containsExactly(1, 2);
    assertThat(weights.get("b").toFloatArray()).containsExactly(3, 4, 5, 6);
    assertThat(weights.get("c").toFloatArray()).containsExactly(7);
  }

  @Test
  void tensorsThatFitGoIntoOneFile() {
    try (Scope scope = Scope.open()) {
      Path path = ShardedWriter.write(dir, "model", threeTensors(scope), Map.of(), 28);
      assertThat(path).isEqualTo(dir.resolve("model.safetensors"));
      assertLoads(scope, path);
    }
  }

  @Test
  void tensorsThatDoNotFitGoIntoSeveralFilesWithAnIndex() throws IOException {
    try (Scope scope = Scope.open()) {
      Path path = ShardedWriter.write(dir, "model", threeTensors(scope), Map.of(), 12);
      assertThat(path).isEqualTo(dir.resolve("model.safetensors.index.json"));
      JsonNode index = new ObjectMapper().readTree(path.toFile());
      assertThat(index.at("/metadata/total_size").asLong()).isEqualTo(28);
      assertThat(index.at("/weight_map/b").asText()).isEqualTo("model-00002-of-00003.safetensors");
      assertLoads(scope, path);
    }
  }
}
