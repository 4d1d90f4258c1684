package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorBuffersTest {

  private static final TorchFunction TRANSPOSE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.transpose(x, 0, 1)
          """);

  @Test
  void chunksFollowEachOtherThroughTheWholeTensor() {
    try (Scope scope = Scope.open()) {
      NDArray x = scope.create(new long[] {1, 2, 3, 4, 5}, new Shape(5, 1));
      List<Integer> lengths = new ArrayList<>();

      TensorBuffers.forEachChunk(x, 16, chunk -> lengths.add(chunk.remaining()));

      assertThat(lengths).containsExactly(16, 16, 8);
      assertThat(longs(x)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void chunksOfAViewAreInItsOwnOrder() {
    try (Scope scope = Scope.open()) {
      NDArray x = scope.create(new long[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
      assertThat(longs(TRANSPOSE.call(scope, x))).containsExactly(1L, 4L, 2L, 5L, 3L, 6L);
    }
  }

  @Test
  void writingIntoAChunkOrAnAliasWritesIntoTheTensor() {
    try (Scope scope = Scope.open()) {
      NDArray x = scope.create(new long[] {1, 2, 3}, new Shape(3));
      TensorBuffers.forEachChunk(x, chunk -> chunk.putLong(0, 7));
      TensorBuffers.alias(x).putLong(16, 9);
      assertThat(x.toLongArray()).containsExactly(7, 2, 9);
    }
  }

  @Test
  void anEmptyTensorHasNoChunks() {
    try (Scope scope = Scope.open()) {
      List<ByteBuffer> chunks = new ArrayList<>();
      TensorBuffers.forEachChunk(scope.manager().zeros(new Shape(0, 3)), chunks::add);
      assertThat(chunks).isEmpty();
    }
  }

  @Test
  void whatTheActionThrowsComesThrough() {
    try (Scope scope = Scope.open()) {
      NDArray x = scope.create(new float[] {1});
      assertThatThrownBy(
              () ->
                  TensorBuffers.forEachChunk(
                      x,
                      chunk -> {
                        throw new IOException("disk full");
                      }))
          .isInstanceOf(IOException.class)
          .hasMessage("disk full");
    }
  }

  private static List<Long> longs(NDArray x) {
    List<Long> seen = new ArrayList<>();
    TensorBuffers.forEachChunk(
        x,
        16,
        chunk -> {
          while (chunk.hasRemaining()) {
            seen.add(chunk.getLong());
          }
        });
    return seen;
  }
}
