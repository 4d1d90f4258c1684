package io.rglcd.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutogradTest {

  private static final int THREADS = 4;
  private static final int ROUNDS = 20;

  private static final TorchFunction NET =
      TorchFunction.of(
          """
          def forward(self, x: Tensor, w: Tensor) -> Tensor:
            h = torch.silu(torch.conv2d(x, w, None, [1, 1], [1, 1]))
            h = torch.silu(torch.conv2d(h, w, None, [1, 1], [1, 1]))
            return torch.mean(torch.square(h))
          """);

  private static final TorchFunction SQUARE =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return x * x
          """);

  private static final TorchFunction RECORDED =
      TorchFunction.of(
          """
          def forward(self, x: Tensor) -> Tensor:
            return torch.zeros([1]) + int(x.requires_grad)
          """);

  private static boolean recorded(Scope scope, NDArray x) {
    return RECORDED.call(scope, x).toFloatArray()[0] == 1;
  }

  private static float[] gradientOf(int seed) {
    try (Scope scope = Scope.open()) {
      NDArray w = Autograd.leaf(scope, scope.create(wave(8 * 8 * 9, seed), new Shape(8, 8, 3, 3)));
      NDArray x = scope.create(wave(2 * 8 * 16 * 16, seed + 100), new Shape(2, 8, 16, 16));
      NDArray y = Autograd.recording(() -> NET.call(scope, x, w));
      return Autograd.gradient(scope, y, w, scope.create(1f)).toFloatArray();
    }
  }

  private static float[] wave(int count, int seed) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(i * 0.7 + seed);
    }
    return values;
  }

  @Test
  void aFreshThreadComputesWithTheNumberOfThreadsThatWasSetInAnother() throws Exception {
    ExecutorService fresh = Executors.newSingleThreadExecutor();
    try {
      for (int threads : new int[] {1, 2}) {
        Torch.setIntraOpThreads(threads);
        float[] here = gradientOf(1);
        assertThat(fresh.submit(() -> gradientOf(1)).get()).isEqualTo(here);
      }
    } finally {
      fresh.shutdownNow();
      Torch.setIntraOpThreads(1);
    }
  }

  @Test
  void fourThreadsThatDifferentiateAtOnceGetWhatOneThreadGets() throws Exception {
    List<float[]> sequential =
        IntStream.range(0, THREADS).mapToObj(AutogradTest::gradientOf).toList();
    CyclicBarrier together = new CyclicBarrier(THREADS);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<List<float[]>>> found = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int seed = t;
        Callable<List<float[]>> work =
            () -> {
              List<float[]> gradients = new ArrayList<>();
              for (int round = 0; round < ROUNDS; round++) {
                together.await();
                gradients.add(gradientOf(seed));
              }
              return gradients;
            };
        found.add(pool.submit(work));
      }
      for (int t = 0; t < THREADS; t++) {
        float[] expected = sequential.get(t);
        assertThat(found.get(t).get())
            .hasSize(ROUNDS)
            .allMatch(gradient -> Arrays.equals(gradient, expected));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void inputsThatTheOutputDoesNotDependOnGetZeros() {
    try (Scope scope = Scope.open()) {
      NDArray used = Autograd.leaf(scope, scope.create(new float[] {3}));
      NDArray unused = Autograd.leaf(scope, scope.manager().ones(new Shape(2, 2)));
      NDArray y = Autograd.recording(() -> SQUARE.call(scope, used));
      NDList gradients =
          Autograd.gradients(scope, y, List.of(used, unused), scope.create(new float[] {1}));
      assertThat(gradients.get(0).toFloatArray()).containsExactly(6);
      assertThat(gradients.get(1).getShape()).isEqualTo(new Shape(2, 2));
      assertThat(gradients.get(1).toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void nothingIsRecordedUnlessAskedForAndTheFormerModeComesBackAfterAnError() {
    try (Scope scope = Scope.open()) {
      NDArray x = Autograd.leaf(scope, scope.create(new float[] {3}));
      assertThat(recorded(scope, SQUARE.call(scope, x))).isFalse();
      assertThatThrownBy(
              () ->
                  Autograd.recording(
                      () -> {
                        throw new IllegalStateException("in the middle");
                      }))
          .hasMessage("in the middle");
      assertThat(recorded(scope, SQUARE.call(scope, x))).isFalse();
      assertThat(recorded(scope, Autograd.recording(() -> SQUARE.call(scope, x)))).isTrue();
      NDArray inner = Autograd.recording(() -> Autograd.noGrad(() -> SQUARE.call(scope, x)));
      assertThat(recorded(scope, inner)).isFalse();
    }
  }

  @Test
  void aDetachedTensorStopsTheGradient() {
    try (Scope scope = Scope.open()) {
      NDArray x = Autograd.leaf(scope, scope.create(new float[] {3}));
      NDArray y = Autograd.recording(() -> SQUARE.call(scope, x));
      NDArray cut = Autograd.detach(scope, y);
      assertThat(cut.toFloatArray()).containsExactly(9);
      assertThat(recorded(scope, cut)).isFalse();
    }
  }

  @Test
  void closingTheHandlesOfIntermediatesDoesNotBreakTheGradient() {
    try (Scope scope = Scope.open()) {
      NDArray x = Autograd.leaf(scope, scope.create(new float[] {2}));
      NDArray y =
          Autograd.recording(
              () -> {
                try (Scope block = scope.child()) {
                  NDArray square = SQUARE.call(block, x);
                  return block.keep(SQUARE.call(block, square));
                }
              });
      assertThat(Autograd.gradient(scope, y, x, scope.create(new float[] {1})).toFloatArray())
          .containsExactly(32);
    }
  }
}
