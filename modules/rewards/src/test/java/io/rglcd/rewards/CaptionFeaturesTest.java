package io.rglcd.rewards;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionFeaturesTest {

  private final List<String> computed = new ArrayList<>();

  private CaptionFeatures features(int capacity) {
    return new CaptionFeatures(
        capacity,
        (scope, caption) -> {
          computed.add(caption);
          return scope
              .manager()
              .create(new float[] {caption.length(), caption.charAt(0)}, new Shape(1, 2));
        });
  }

  @Test
  void rowsAreInTheOrderOfTheCaptions() {
    try (Scope scope = Scope.open()) {
      var rows = features(8).of(scope, List.of("bb", "a", "bb"));
      assertThat(rows.getShape()).isEqualTo(new Shape(3, 2));
      assertThat(rows.toFloatArray()).containsExactly(2, 'b', 1, 'a', 2, 'b');
    }
  }

  @Test
  void repeatedCaptionsAreComputedOnce() {
    CaptionFeatures features = features(8);
    try (Scope scope = Scope.open()) {
      features.of(scope, List.of("a", "b", "a"));
      features.of(scope, List.of("b", "a"));
    }
    assertThat(computed).containsExactly("a", "b");
  }

  @Test
  void theCaptionUsedLongestAgoIsForgottenFirst() {
    CaptionFeatures features = features(2);
    try (Scope scope = Scope.open()) {
      features.of(scope, List.of("a", "b", "a", "c", "a", "b"));
    }
    assertThat(computed).containsExactly("a", "b", "c", "b");
  }
}
