package io.rglcd.cli.conformance;

import ai.djl.ndarray.types.Shape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a large [N,C,H,W] tensor that a case stores instead of the whole: {@code subK}
 * (every K-th row and column from 0), {@code lastKrows}, {@code centerK} (a K x K block from h/2 -
 * K/2, w/2 - K/2), {@code rowsums} (over the last axis) and {@code colsums} (over the rows).
 */
final class PlaneView {

  private static final Pattern PART = Pattern.compile("(sub|last|center)(\\d+)(?:rows)?");

  private final TensorValues whole;
  private final int planes;
  private final int height;
  private final int width;

  private PlaneView(TensorValues whole) {
    long[] dims = whole.shape().getShape();
    this.whole = whole;
    this.planes = Math.toIntExact(dims[0] * dims[1]);
    this.height = Math.toIntExact(dims[2]);
    this.width = Math.toIntExact(dims[3]);
  }

  /**
   * One part of a tensor.
   *
   * @param part a name as above, or empty for the whole
   * @throws ConformanceException if the name is none of these
   */
  static TensorValues of(TensorValues whole, String part) {
    PlaneView view = new PlaneView(whole);
    Matcher matcher = PART.matcher(part);
    if (matcher.matches()) {
      int k = Integer.parseInt(matcher.group(2));
      return switch (matcher.group(1)) {
        case "sub" -> view.pick(0, view.height, k, 0, view.width, k);
        case "last" -> view.pick(view.height - k, view.height, 1, 0, view.width, 1);
        default -> view.block(view.height / 2 - k / 2, view.width / 2 - k / 2, k);
      };
    }
    return switch (part) {
      case "" -> whole;
      case "rowsums" -> view.sums(view.height, true);
      case "colsums" -> view.sums(view.width, false);
      default ->
          throw new ConformanceException(
              "part of a tensor: "
                  + part
                  + " (expected: sub<k>, last<k>rows, center<k>, rowsums or colsums)");
    };
  }

  private TensorValues block(int top, int left, int size) {
    return pick(top, top + size, 1, left, left + size, 1);
  }

  private TensorValues pick(int top, int bottom, int dy, int left, int right, int dx) {
    int rows = (bottom - top + dy - 1) / dy;
    int columns = (right - left + dx - 1) / dx;
    double[] picked = new double[planes * rows * columns];
    int at = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int y = top; y < bottom; y += dy) {
        for (int x = left; x < right; x += dx) {
          picked[at++] = entry(plane, y, x);
        }
      }
    }
    return new TensorValues(shape(rows, columns), picked);
  }

  private TensorValues sums(int length, boolean byRow) {
    double[] sums = new double[planes * length];
    for (int plane = 0; plane < planes; plane++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          sums[plane * length + (byRow ? y : x)] += entry(plane, y, x);
        }
      }
    }
    return new TensorValues(shape(length), sums);
  }

  private double entry(int plane, int y, int x) {
    return whole.entries()[(plane * height + y) * width + x];
  }

  private Shape shape(long... last) {
    return new Shape(whole.shape().get(0), whole.shape().get(1)).addAll(new Shape(last));
  }
}
