package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ParameterLayoutTest {

  private static Map<String, Shape> twoShapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("z.weight", new Shape(2, 3));
    shapes.put("a.bias", new Shape(2));
    return shapes;
  }

  @Example
  void parametersLieInTheGivenOrder() {
    ParameterLayout layout = ParameterLayout.of(twoShapes());
    assertThat(layout.size()).isEqualTo(8);
    assertThat(layout.offset("z.weight")).isZero();
    assertThat(layout.offset("a.bias")).isEqualTo(6);
    assertThat(layout.shapes().keySet()).containsExactly("z.weight", "a.bias");
    assertThatThrownBy(() -> layout.offset("b.bias"))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("b.bias");
  }

  @Example
  void boundWeightsAreViewsOfTheFlatVector() {
    TorchFunction negate =
        TorchFunction.of(
            """
            def forward(self, x: Tensor) -> Tensor:
              return torch.neg_(x)
            """);
    try (Scope scope = Scope.open()) {
      NDArray flat = scope.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
      Weights weights = ParameterLayout.of(twoShapes()).bind(scope, flat);
      assertThat(weights.get("z.weight").getShape()).isEqualTo(new Shape(2, 3));
      negate.call(scope, weights.get("a.bias"));
      assertThat(flat.toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6, -7, -8);
    }
  }

  @Property(tries = 30)
  void flattenUndoesBind(@ForAll("shapes") Map<String, Shape> shapes) {
    ParameterLayout layout = ParameterLayout.of(shapes);
    float[] values = new float[(int) layout.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (Scope scope = Scope.open()) {
      Weights weights = layout.bind(scope, scope.create(values));
      shapes.forEach(
          (name, shape) -> {
            assertThat(weights.get(name).getShape()).isEqualTo(shape);
            if (shape.size() > 0) {
              assertThat(weights.get(name).toFloatArray()[0])
                  .isEqualTo((float) layout.offset(name));
            }
          });
      assertThat(layout.flatten(scope, weights).toFloatArray()).isEqualTo(values);
    }
  }

  @Provide
  Arbitrary<Map<String, Shape>> shapes() {
    Arbitrary<Shape> shape =
        Arbitraries.longs().between(1, 4).array(long[].class).ofMaxSize(4).map(Shape::new);
    return Arbitraries.maps(Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6), shape)
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @Example
  void flattenNamesBothShapesWhereTheyDiffer() {
    try (Scope scope = Scope.open()) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      tensors.put("z.weight", scope.manager().ones(new Shape(3, 2)));
      tensors.put("a.bias", scope.manager().ones(new Shape(2)));
      assertThatThrownBy(() -> ParameterLayout.of(twoShapes()).flatten(scope, Weights.of(tensors)))
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("z.weight")
          .hasMessageContaining("(3, 2)")
          .hasMessageContaining("(2, 3)");
    }
  }

  @Example
  void flattenNamesTheTensorThatIsMissing() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(
              () ->
                  ParameterLayout.of(twoShapes())
                      .flatten(
                          scope,
                          Weights.of(Map.of("z.weight", scope.manager().ones(new Shape(2, 3))))))
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("a.bias");
    }
  }

  @Example
  void aVectorOfAnotherLengthIsRefused() {
    try (Scope scope = Scope.open()) {
      NDArray flat = scope.manager().ones(new Shape(9));
      assertThatThrownBy(() -> ParameterLayout.of(twoShapes()).bind(scope, flat))
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("9");
    }
  }
}
