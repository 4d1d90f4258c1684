package io.rglcd.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import org.junit.jupiter.api.Test;

class AdamWTest {

  @Test
  void threeStepsEqualTheFormulaInDoublePrecision() {
    double lr = 0.01;
    AdamW.Options options = new AdamW.Options(0.9, 0.999, 1e-8, 0.1);
    double[] p = {1, -2, 0.5};
    double[] m = new double[3];
    double[] v = new double[3];
    float[][] gradients = {{0.1f, -3, 1e-6f}, {0.2f, 1, 0}, {-0.4f, 2, 5}};
    try (Scope scope = Scope.open()) {
      NDArray parameters = scope.create(new float[] {1, -2, 0.5f});
      AdamW adamW = new AdamW(scope, options, 3);
      for (int t = 1; t <= gradients.length; t++) {
        adamW.step(parameters, scope.create(gradients[t - 1]), t, lr);
        for (int i = 0; i < p.length; i++) {
          double g = gradients[t - 1][i];
          p[i] *= 1 - lr * 0.1;
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.999 * v[i] + 0.001 * g * g;
          double denominator = Math.sqrt(v[i] / (1 - Math.pow(0.999, t))) + 1e-8;
          p[i] -= lr * m[i] / (1 - Math.pow(0.9, t)) / denominator;
        }
      }
      float[] got = parameters.toFloatArray();
      for (int i = 0; i < p.length; i++) {
        assertThat((double) got[i]).isCloseTo(p[i], within(1e-6));
      }
    }
  }

  @Test
  void refusesAnImpossibleBeta() {
    assertThatThrownBy(() -> new AdamW.Options(1, 0.999, 1e-8, 0))
        .hasMessage("adam beta1: 1.0 (expected: in [0, 1))");
  }
}
