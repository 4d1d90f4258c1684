package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class TensorBytesTest {

  @Test
  void piecesFollowEachOtherThroughTheWholeTensor() {
    try (Scope scope = Scope.open()) {
      NDArray x = scope.manager().create(new long[] {1, 2, 3, 4, 5}, new Shape(5, 1));
      List<Long> seen = new ArrayList<>();
      List<Integer> lengths = new ArrayList<>();
      try (TensorBytes bytes = new TensorBytes(x, 16)) {
        while (bytes.hasNext()) {
          ByteBuffer piece = bytes.next();
          lengths.add(piece.remaining());
          while (piece.hasRemaining()) {
            seen.add(piece.getLong());
          }
        }
        assertThatThrownBy(bytes::next).isInstanceOf(NoSuchElementException.class);
      }
      assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L);
      assertThat(lengths).containsExactly(16, 16, 8);
    }
  }

  @Test
  void anEmptyTensorHasNoPieces() {
    try (Scope scope = Scope.open();
        TensorBytes bytes = new TensorBytes(scope.manager().zeros(new Shape(0, 3)))) {
      assertThat(bytes.hasNext()).isFalse();
    }
  }
}
