package io.rglcd.data.image;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The rows of a picture resized to another width, made when they are wanted and forgotten when they
 * are not any more, so that those in use stay in the processor's cache.
 *
 * <p>The pixels that make one output pixel of a row are no lines that could be summed as {@link
 * WeightedLines} does, but those of a column of output pixels are. So bands of rows are turned into
 * columns, and their sums back, four columns at a time.
 */
final class WideRows {

  private static final int BAND = 64;
  private static final int AT_ONCE = 4;

  private final RgbImage image;
  private final ResizeTaps taps;
  private final int[][] columns;
  private final int[][] sums = new int[AT_ONCE][3 * BAND];
  private final int[][] rows;
  private final Deque<int[]> spare = new ArrayDeque<>();
  private int made;
  private int forgotten;

  /**
   * No row is made yet.
   *
   * @param first row that will be wanted
   */
  WideRows(RgbImage image, ResizeTaps taps, int first) {
    this.image = image;
    this.taps = taps;
    this.columns = new int[image.width()][];
    for (int x = taps.first(0); x < taps.end(taps.outputs() - 1); x++) {
      columns[x] = new int[3 * BAND];
    }
    this.rows = new int[image.height()][];
    this.made = first;
    this.forgotten = first;
  }

  /** Room for a row: [3 * width], and what four columns at a time write beyond. */
  int[] newRow() {
    return new int[3 * (taps.outputs() + AT_ONCE - 1)];
  }

  /** All rows; those from the first wanted to {@code end} are there, values 0 to 255. */
  int[][] until(int end) {
    while (made < end) {
      int height = Math.min(BAND, image.height() - made);
      for (int y = made; y < made + height; y++) {
        rows[y] = spare.isEmpty() ? newRow() : spare.pop();
      }
      takeColumns(height);
      for (int x = 0; x < taps.outputs(); x += AT_ONCE) {
        for (int i = x; i < Math.min(x + AT_ONCE, taps.outputs()); i++) {
          WeightedLines.sum(columns, taps, i, sums[i - x]);
        }
        for (int y = 0; y < height; y++) {
          give(sums[0], sums[1], sums[2], sums[3], y, rows[made + y], 3 * x);
        }
      }
      made += height;
    }
    return rows;
  }

  /** Rows before this one are not wanted again. */
  void forget(int before) {
    for (; forgotten < Math.min(before, made); forgotten++) {
      spare.push(rows[forgotten]);
      rows[forgotten] = null;
    }
  }

  private void takeColumns(int height) {
    int stride = 3 * image.width();
    for (int x = taps.first(0); x < taps.end(taps.outputs() - 1); x++) {
      take(image.rgb(), made * stride + 3 * x, stride, columns[x], height);
    }
  }

  private static void take(byte[] rgb, int start, int stride, int[] column, int height) {
    for (int y = 0, at = start; y < height; y++, at += stride) {
      column[y] = rgb[at] & 0xff;
      column[y + BAND] = rgb[at + 1] & 0xff;
      column[y + 2 * BAND] = rgb[at + 2] & 0xff;
    }
  }

  private static void give(int[] a, int[] b, int[] c, int[] d, int y, int[] row, int at) {
    row[at] = a[y];
    row[at + 1] = a[y + BAND];
    row[at + 2] = a[y + 2 * BAND];
    row[at + 3] = b[y];
    row[at + 4] = b[y + BAND];
    row[at + 5] = b[y + 2 * BAND];
    row[at + 6] = c[y];
    row[at + 7] = c[y + BAND];
    row[at + 8] = c[y + 2 * BAND];
    row[at + 9] = d[y];
    row[at + 10] = d[y + BAND];
    row[at + 11] = d[y + 2 * BAND];
  }
}
