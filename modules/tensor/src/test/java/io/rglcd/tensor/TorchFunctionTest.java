package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class TorchFunctionTest {

  @Test
  void gradientOfACompiledFunctionIsExact() {
    TorchFunction f =
        TorchFunction.of(
            """
            def forward(self, x: Tensor, w: List[Tensor], s: float) -> Tensor:
              return torch.sum(x * x * w[0] + w[1]) * s
            """);
    try (Scope scope = Scope.open()) {
      NDArray x = Autograd.leaf(scope, scope.create(new float[] {1, 2, 3}));
      NDArray w = scope.create(new float[] {2, 2, 2});
      NDArray y = Autograd.recording(() -> f.call(scope, x, List.of(w, w), 0.5));
      NDArray g = Autograd.gradient(scope, y, x, scope.create(1f));
      assertThat(g.toFloatArray()).containsExactly(2f, 4f, 6f);
    }
  }

  @Test
  void splitViewsOfOneFlatLeafGiveOneFlatGradient() {
    TorchFunction split =
        TorchFunction.of(
            """
            def forward(self, flat: Tensor) -> List[Tensor]:
              p = torch.split_with_sizes(flat, [4, 2])
              return [torch.view(p[0], [2, 2]), torch.view(p[1], [2])]
            """);
    TorchFunction linear =
        TorchFunction.of(
            """
            def forward(self, x: Tensor, w: List[Tensor]) -> Tensor:
              return torch.sum(torch.linear(x, w[0], w[1]))
            """);
    try (Scope scope = Scope.open()) {
      NDArray flat = Autograd.leaf(scope, scope.manager().ones(new Shape(6)));
      NDArray x = scope.create(new float[] {1, 2}, new Shape(1, 2));
      NDArray y = Autograd.recording(() -> linear.call(scope, x, split.callAll(scope, flat)));
      NDArray g = Autograd.gradient(scope, y, flat, scope.create(1f));
      assertThat(g.toFloatArray()).containsExactly(1f, 2f, 1f, 2f, 1f, 1f);
    }
  }

  @Test
  void textThatDoesNotCompileIsNamed() {
    assertThatThrownBy(
            () -> TorchFunction.of("def forward(self) -> Tensor:\n  return torch.nope()\n"))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("nope");
  }
}
