package io.rglcd.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlaneViewTest {

  /** 0..23 as two planes of 3 rows and 4 columns. */
  private final TensorValues whole =
      new TensorValues(new Shape(1, 2, 3, 4), IntStream.range(0, 24).asDoubleStream().toArray());

  @Test
  void picksEveryKthRowAndColumn() {
    TensorValues part = PlaneView.of(whole, "sub2");

    assertThat(part.shape()).isEqualTo(new Shape(1, 2, 2, 2));
    assertThat(part.entries()).containsExactly(0, 2, 8, 10, 12, 14, 20, 22);
  }

  @Test
  void takesTheLastRows() {
    assertThat(PlaneView.of(whole, "last1rows").entries())
        .containsExactly(8, 9, 10, 11, 20, 21, 22, 23);
  }

  @Test
  void takesTheBlockAroundTheMiddle() {
    TensorValues part = PlaneView.of(whole, "center2");

    assertThat(part.shape()).isEqualTo(new Shape(1, 2, 2, 2));
    assertThat(part.entries()).containsExactly(1, 2, 5, 6, 13, 14, 17, 18);
  }

  @Test
  void sumsOverEitherAxis() {
    TensorValues rows = PlaneView.of(whole, "rowsums");

    assertThat(rows.shape()).isEqualTo(new Shape(1, 2, 3));
    assertThat(rows.entries()).containsExactly(6, 22, 38, 54, 70, 86);
    assertThat(PlaneView.of(whole, "colsums").entries())
        .containsExactly(12, 15, 18, 21, 48, 51, 54, 57);
  }

  @Test
  void refusesAnUnknownPart() {
    assertThatThrownBy(() -> PlaneView.of(whole, "diagonal"))
        .isInstanceOf(ConformanceException.class)
        .hasMessageContaining("diagonal");
  }
}
