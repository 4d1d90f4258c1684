package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {

  @Test
  void closingFreesWhatWasMadeInTheScopeAndItsChildren() {
    NDArray own;
    NDArray inherited;
    try (Scope scope = Scope.open()) {
      own = scope.create(1f);
      inherited = scope.child().create(2f);
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
        kept = child.keep(child.create(3f));
        left = child.create(4f);
        both = child.keep(new NDList(child.create(5f), child.create(6f)));
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
  void whatIsOnTheDeviceAlreadyIsNotCopied() {
    try (Scope scope = Scope.open();
        Scope there = Scope.open()) {
      NDArray x = scope.create(new float[] {1, 2});
      NDArray same = there.here(x);
      TensorBuffers.alias(x).putFloat(0, 5f);
      assertThat(same.toFloatArray()).containsExactly(5, 2);
      x.close();
      assertThat(same.toFloatArray()).containsExactly(5, 2);
    }
  }

  @Test
  void whatIsAdoptedLivesAsLongAsItsNewScope() {
    try (Scope other = Scope.open()) {
      NDArray adopted;
      try (Scope first = Scope.open()) {
        adopted = other.adopt(first.create(7f));
      }
      assertThat(adopted.toFloatArray()).containsExactly(7);
    }
  }

  /**
   * A recorded quotient needs its divisor again; DJL's own creation would have freed it by then.
   */
  @Test
  void graphMayReadATensorOfJavaDataAfterItsHandleIsClosed() {
    TorchFunction divide =
        TorchFunction.of(
            """
            def forward(self, x: Tensor, by: Tensor) -> Tensor:
              return torch.sum(x / by)
            """);
    float[] fours = new float[4096];
    Arrays.fill(fours, 4);
    float[] quarters = new float[fours.length];
    Arrays.fill(quarters, 0.25f);
    try (Scope scope = Scope.open()) {
      NDArray leaf = Autograd.leaf(scope, scope.create(new float[fours.length]));
      NDArray one = scope.create(1f);
      List<ByteBuffer> litter = new ArrayList<>();
      for (int round = 0; round < 20; round++) {
        NDArray quotient =
            Autograd.recording(
                () -> {
                  try (Scope inner = scope.child()) {
                    return inner.keep(divide.call(inner, leaf, inner.create(fours)));
                  }
                });
        System.gc();
        for (int i = 0; i < 16; i++) {
          litter.add(ByteBuffer.allocateDirect(4 * fours.length));
        }
        assertThat(Autograd.gradient(scope, quotient, leaf, one).toFloatArray())
            .as("round %d with %d buffers", round, litter.size())
            .containsExactly(quarters);
      }
    }
  }
}
