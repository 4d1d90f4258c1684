package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WeightsTest {

  private Scope scope;
  private NDArray weight;
  private NDArray bias;
  private Weights weights;

  @BeforeEach
  void twoTensors() {
    scope = Scope.open();
    weight = scope.manager().create(1f);
    bias = scope.manager().create(2f);
    weights = Weights.of(Map.of("down.0.conv.weight", weight, "down.0.conv.bias", bias));
  }

  @AfterEach
  void closeScope() {
    scope.close();
  }

  @Test
  void namesAreSeenFromThePrefix() {
    Weights conv = weights.at("down", 0).at("conv");
    assertThat(conv.get("weight")).isSameAs(weight);
    assertThat(conv.list("bias", "weight")).containsExactly(bias, weight);
    assertThat(conv.has("bias")).isTrue();
    assertThat(conv.has("scale")).isFalse();
    assertThat(weights.has("bias")).isFalse();
    assertThat(conv.all()).containsOnlyKeys("down.0.conv.weight", "down.0.conv.bias");
  }

  @Test
  void aMissingTensorIsNamedInFull() {
    assertThatThrownBy(() -> weights.at("down", 0).at("conv").get("scale"))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("down.0.conv.scale");
  }
}
