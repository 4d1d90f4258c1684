package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.junit.jupiter.api.Test;

class ScopeTest {

  @Test
  void closingFreesWhatWasMadeInTheScopeAndItsChildren() {
    NDArray own;
    NDArray inherited;
    try (Scope scope = Scope.open()) {
      own = scope.manager().create(1f);
      inherited = scope.child().manager().create(2f);
      assertThat(own.isReleased()).isFalse();
      assertThat(inherited.isReleased()).isFalse();
    }
    assertThat(own.isReleased()).isTrue();
    assertThat(inherited.isReleased()).isTrue();
    assertThatThrownBy(own::toFloatArray).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsKeptLivesAsLongAsTheParent() {
    NDArray kept;
    NDArray left;
    NDList both;
    try (Scope parent = Scope.open()) {
      try (Scope child = parent.child()) {
        kept = child.keep(child.manager().create(3f));
        left = child.manager().create(4f);
        both = child.keep(new NDList(child.manager().create(5f), child.manager().create(6f)));
      }
      assertThat(left.isReleased()).isTrue();
      assertThat(kept.toFloatArray()).containsExactly(3);
      assertThat(both.get(0).toFloatArray()).containsExactly(5);
      assertThat(both.get(1).toFloatArray()).containsExactly(6);
    }
    assertThat(kept.isReleased()).isTrue();
    assertThat(both.get(1).isReleased()).isTrue();
  }

  @Test
  void whatIsAdoptedLivesAsLongAsItsNewScope() {
    try (Scope other = Scope.open()) {
      NDArray adopted;
      try (Scope first = Scope.open()) {
        adopted = other.adopt(first.manager().create(7f));
      }
      assertThat(adopted.toFloatArray()).containsExactly(7);
    }
  }
}
