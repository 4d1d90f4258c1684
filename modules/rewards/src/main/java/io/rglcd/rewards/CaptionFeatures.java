package io.rglcd.rewards;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.rglcd.tensor.Autograd;
import io.rglcd.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Text features of captions, kept for those used last. Each caption goes through the text tower
 * alone, so that its features are the same to the last bit whatever else is in its batch, and
 * whether or not they were kept.
 */
final class CaptionFeatures {

  private final BiFunction<Scope, String, NDArray> tower;
  private final Map<String, float[]> kept;

  /**
   * Keeps at most that many captions.
   *
   * @param tower makes a caption's features [1,D] in a scope
   */
  CaptionFeatures(int capacity, BiFunction<Scope, String, NDArray> tower) {
    this.tower = tower;
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, float[]> eldest) {
            return size() > capacity;
          }
        };
  }

  /** The features of captions, [B,D] float32, not recorded for autograd. */
  NDArray of(Scope scope, List<String> captions) {
    float[][] rows = captions.stream().map(caption -> row(scope, caption)).toArray(float[][]::new);
    int width = rows[0].length;
    float[] all = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, all, i * width, width);
    }
    return scope.create(all, new Shape(rows.length, width));
  }

  private float[] row(Scope scope, String caption) {
    synchronized (kept) {
      float[] row = kept.get(caption);
      if (row != null) {
        return row;
      }
    }
    try (Scope inner = scope.child()) {
      float[] row = Autograd.noGrad(() -> tower.apply(inner, caption)).toFloatArray();
      synchronized (kept) {
        kept.put(caption, row);
      }
      return row;
    }
  }
}
