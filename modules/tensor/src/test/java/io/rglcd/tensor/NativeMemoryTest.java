package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Trains a small net and watches the resident set of this process. */
@EnabledOnOs(OS.LINUX)
class NativeMemoryTest {

  private static final int WARM_UP = 100;
  private static final int LAST = 300;
  private static final long ALLOWED_GROWTH_KIB = 16 * 1024;

  private static final TorchFunction BLOCK =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: List[Tensor]) -> Tensor:
            h = torch.conv2d(x, w[0], w[1], [1, 1], [1, 1])
            return torch.silu(torch.group_norm(h, 4, w[2], w[3], 1e-05))
          """);

  private static final TorchFunction LOSS =
      TorchFunction.of(
          """
          def forward(self, h: Tensor, w: List[Tensor], target: Tensor) -> Tensor:
            y = torch.linear(torch.mean(h, [2, 3]), w[0], w[1])
            return torch.mean(torch.square(y - target))
          """);

  private static final TorchFunction DESCEND =
      TorchFunction.of(
          """
          def forward(self, p: Tensor, g: Tensor, rate: float) -> Tensor:
            return torch.sub_(p, g * rate)
          """);

  private final ParameterLayout layout = layout();

  /** More threads than free cores would spin and make the small net slow. */
  @BeforeAll
  static void useOneThread() {
    Torch.setIntraOpThreads(1);
  }

  private static ParameterLayout layout() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (int i = 0; i < 2; i++) {
      shapes.put("conv." + i + ".weight", new Shape(16, 16, 3, 3));
      shapes.put("conv." + i + ".bias", new Shape(16));
      shapes.put("norm." + i + ".weight", new Shape(16));
      shapes.put("norm." + i + ".bias", new Shape(16));
    }
    shapes.put("out.weight", new Shape(8, 16));
    shapes.put("out.bias", new Shape(8));
    return ParameterLayout.of(shapes);
  }

  private static long residentKib() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NDArray loss(Scope scope, NDArray leaf, NDArray x, NDArray target) {
    Weights weights = layout.bind(scope, leaf);
    NDArray h = x;
    for (int i = 0; i < 2; i++) {
      try (Scope block = scope.child()) {
        List<NDArray> w = new ArrayList<>(weights.at("conv", i).list("weight", "bias"));
        w.addAll(weights.at("norm", i).list("weight", "bias"));
        h = block.keep(BLOCK.call(block, h, w));
      }
    }
    return LOSS.call(scope, h, weights.at("out").list("weight", "bias"), target);
  }

  private float step(Scope scope, NDArray flat, NDArray x, NDArray target) {
    NDArray leaf = Autograd.leaf(scope, flat);
    NDArray loss = Autograd.recording(() -> loss(scope, leaf, x, target));
    NDArray gradient = Autograd.gradient(scope, loss, leaf, scope.create(1f));
    DESCEND.call(scope, flat, gradient, 0.05);
    return loss.toFloatArray()[0];
  }

  private NDArray parameters(Scope scope) {
    float[] values = new float[(int) layout.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i) * 0.1f;
    }
    return scope.create(values);
  }

  @Test
  void threeHundredStepsOfTrainingKeepTheResidentSetFlat() {
    try (Scope scope = Scope.open()) {
      NDArray flat = parameters(scope);
      NDArray x = scope.manager().ones(new Shape(4, 16, 16, 16));
      NDArray target = scope.manager().ones(new Shape(4, 8));
      float first = Float.NaN;
      float last = Float.NaN;
      long before = 0;
      for (int i = 0; i < LAST; i++) {
        if (i == WARM_UP) {
          before = residentKib();
        }
        try (Scope step = scope.child()) {
          last = step(step, flat, x, target);
        }
        first = i == 0 ? last : first;
      }
      assertThat(residentKib() - before).isLessThan(ALLOWED_GROWTH_KIB);
      assertThat(last).isLessThan(0.1f * first);
    }
  }

  @Test
  void stepsWhoseScopesStayOpenMakeTheResidentSetGrow() {
    try (Scope scope = Scope.open()) {
      NDArray flat = parameters(scope);
      NDArray x = scope.manager().ones(new Shape(4, 16, 16, 16));
      NDArray target = scope.manager().ones(new Shape(4, 8));
      long before = residentKib();
      for (int i = 0; i < WARM_UP; i++) {
        step(scope.child(), flat, x, target);
      }
      assertThat(residentKib() - before).isGreaterThan(ALLOWED_GROWTH_KIB);
    }
  }
}
