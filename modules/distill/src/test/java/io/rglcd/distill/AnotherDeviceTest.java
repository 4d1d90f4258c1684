package io.rglcd.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.rglcd.diffusion.BoundaryScalings;
import io.rglcd.diffusion.ConsistencyLoss;
import io.rglcd.diffusion.GuidanceEmbedding;
import io.rglcd.models.Posterior;
import io.rglcd.rewards.ClipReward;
import io.rglcd.rewards.ImagePreprocess;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorException;
import io.rglcd.tensor.TorchFunction;
import io.rglcd.tensor.Weights;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a function makes for itself is on the device of its arguments. Seen on PyTorch's device
 * {@code meta}, which no machine lacks: its tensors have shapes and no values, and as a GPU's they
 * do not mix with the CPU's. It has no convolutions and no embeddings, so no whole networks.
 */
class AnotherDeviceTest {

  private static final TorchFunction TO_META =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.to(x, torch.device("meta"))
          """);

  private static final TorchFunction IS_META =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            answer = torch.zeros([], dtype=6)
            if x.is_meta:
              answer = torch.ones([], dtype=6)
            return answer
          """);

  private static final TorchFunction FORGETS_THE_DEVICE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return x + torch.arange(3, dtype=6)
          """);

  @Test
  void forgottenDeviceIsNoticed() {
    try (Scope scope = Scope.open()) {
      NDArray x = floats(scope, 3);
      assertThatThrownBy(() -> FORGETS_THE_DEVICE.call(scope, x))
          .isInstanceOf(TensorException.class)
          .hasMessageContaining("same device");
    }
  }

  @Test
  void flatGradientStaysOnItsDevice() {
    ParameterLayout layout =
        ParameterLayout.of(Map.of("a", new Shape(2, 3), "b", new Shape(4), "unused", new Shape(1)));
    try (Scope scope = Scope.open()) {
      NDArray leaf = Autograd.leaf(scope, floats(scope, layout.size()));
      NDArray loss =
          Autograd.recording(
              () -> {
                Weights weights = layout.bind(scope, leaf);
                NDArray a = ConsistencyLoss.huber(scope, weights.get("a"), floats(scope, 2, 3), 1);
                return ConsistencyLoss.huber(scope, weights.get("b"), a, 1);
              });
      NDArray gradient = Autograd.gradient(scope, loss, leaf, floats(scope));
      assertOnMeta(
          scope,
          gradient,
          GradientClipping.norms(scope, layout, gradient),
          layout.flatten(scope, layout.bind(scope, gradient)));
    }
  }

  @Test
  void drawsAndScalingsStayOnTheirDevice() {
    try (Scope scope = Scope.open()) {
      NDArray timesteps = meta(scope, scope.manager().zeros(new Shape(2), DataType.INT64));
      BoundaryScalings scalings = BoundaryScalings.at(scope, timesteps, 10);
      Posterior posterior = Posterior.ofMoments(scope, floats(scope, 2, 8, 4, 4));
      assertOnMeta(
          scope,
          scalings.skip(),
          scalings.out(),
          posterior.sample(scope, floats(scope, 2, 4, 4, 4)),
          GuidanceEmbedding.embed(scope, floats(scope, 2), 16),
          GuidanceEmbedding.embed(scope, floats(scope, 2), 17));
    }
  }

  @Test
  void picturesStayOnTheirDevice() {
    try (Scope scope = Scope.open()) {
      NDArray picture = floats(scope, 2, 3, 40, 48);
      NDArray resized = ImagePreprocess.resize(scope, picture, 32, false);
      assertOnMeta(
          scope,
          ImagePreprocess.centerCrop(scope, resized, 32),
          ImagePreprocess.resizeMaxSize(scope, picture, 32, true),
          ClipReward.cosine(scope, floats(scope, 2, 5), floats(scope, 2, 5)));
    }
  }

  private static NDArray floats(Scope scope, long... shape) {
    return meta(scope, scope.manager().zeros(new Shape(shape)));
  }

  private static NDArray meta(Scope scope, NDArray array) {
    return TO_META.call(scope, array);
  }

  private static void assertOnMeta(Scope scope, NDArray... tensors) {
    assertThat(new NDList(tensors))
        .allSatisfy(x -> assertThat(IS_META.call(scope, x).toFloatArray()).containsExactly(1));
  }
}
