package io.rglcd.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GradientClippingTest {

  private static ParameterLayout layout() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("a", new Shape(1, 2));
    shapes.put("b", new Shape(1));
    return ParameterLayout.of(shapes);
  }

  @Test
  void scalesAGradientAboveTheLimitToTheLimit() {
    try (Scope scope = Scope.open()) {
      NDArray gradient = scope.create(new float[] {2, 3, 6});
      assertThat(GradientClipping.clip(layout(), gradient, 1)).isCloseTo(7, within(1e-6));
      assertThat(gradient.toFloatArray())
          .containsExactly(new float[] {2 / 7f, 3 / 7f, 6 / 7f}, within(1e-6f));
    }
  }

  @Test
  void leavesAGradientBelowTheLimitAsItIs() {
    try (Scope scope = Scope.open()) {
      NDArray gradient = scope.create(new float[] {0.2f, 0.3f, 0.6f});
      GradientClipping.clip(layout(), gradient, 1);
      assertThat(gradient.toFloatArray()).containsExactly(0.2f, 0.3f, 0.6f);
    }
  }

  @Test
  void normsAreGivenByParameter() {
    try (Scope scope = Scope.open()) {
      NDArray gradient = scope.create(new float[] {3, 4, -6});
      assertThat(GradientClipping.norms(scope, layout(), gradient).toFloatArray())
          .containsExactly(5f, 6f);
    }
  }
}
