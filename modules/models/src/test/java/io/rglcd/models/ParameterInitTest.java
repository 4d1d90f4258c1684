package io.rglcd.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rglcd.tensor.ParameterLayout;
import io.rglcd.tensor.Scope;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ParameterInitTest {

  private static final ParameterLayout LAYOUT =
      new Parameters().conv("conv", 16, 100, 3).norm("norm", 100).linear("out", 100, 9).layout();

  @Test
  void layersAreUniformWithinOneOverTheRootOfTheirFanIn() {
    try (Scope scope = Scope.open()) {
      ParameterInit init = new ParameterInit(LAYOUT, 7);
      assertUniform(init.parameter(scope, "conv.weight").toFloatArray(), 1 / 12.0);
      assertUniform(init.parameter(scope, "conv.bias").toFloatArray(), 1 / 12.0);
      assertUniform(init.parameter(scope, "out.weight").toFloatArray(), 1 / 10.0);
    }
  }

  private static void assertUniform(float[] values, double bound) {
    double meanSquare = 0;
    for (float value : values) {
      assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
      meanSquare += value * value / (double) values.length;
    }
    assertThat(meanSquare / (bound * bound / 3)).isBetween(0.7, 1.3);
  }

  @Test
  void normalisationsStartAsIdentity() {
    try (Scope scope = Scope.open()) {
      ParameterInit init = new ParameterInit(LAYOUT, 7);
      assertThat(init.parameter(scope, "norm.weight").toFloatArray()).containsOnly(1f);
      assertThat(init.parameter(scope, "norm.bias").toFloatArray()).containsOnly(0f);
    }
  }

  @Test
  void valuesDependOnSeedAndNameAloneNotOnTheRestOfTheNetwork() {
    ParameterLayout larger = new Parameters().linear("before", 2, 2).linear("out", 100, 9).layout();
    try (Scope scope = Scope.open()) {
      float[] here = new ParameterInit(LAYOUT, 7).parameter(scope, "out.weight").toFloatArray();
      float[] there = new ParameterInit(larger, 7).parameter(scope, "out.weight").toFloatArray();
      float[] other = new ParameterInit(LAYOUT, 8).parameter(scope, "out.weight").toFloatArray();
      assertThat(there).containsExactly(here);
      assertThat(Arrays.equals(other, here)).isFalse();
    }
  }

  @Test
  void aNameThatTheNetworkHasNotIsNamed() {
    try (Scope scope = Scope.open()) {
      assertThatThrownBy(() -> new ParameterInit(LAYOUT, 7).parameter(scope, "in.weight"))
          .isInstanceOf(ModelException.class)
          .hasMessage("parameter in.weight is not in the network");
    }
  }
}
