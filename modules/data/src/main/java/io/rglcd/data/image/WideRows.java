package io.rglcd.data.image;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The rows of a picture resized to another width, made when they are wanted and forgotten when they
 * are not any more, so that those in use stay in the processor's cache.
 *
 * <p>The pixels that make one output pixel of a row are no lines that could be summed as {@link
 * WeightedLines} does, but those of a column of output pixels are. So bands of rows are turned into
 * columns, and their sums back.
 */
final class WideRows {

  private static final int BAND = 64;

  /** Columns that are turned at a time: with all rows of a band they fit the nearest cache. */
  private static final int TILE = 16;

  private final RgbImage image;
  private final ResizeTaps taps;
  private final int[][] columns;
  private final int[][] sums = new int[TILE][3 * BAND];
  private final int[][] rows;
  private final Deque<int[]> spare = new ArrayDeque<>();
  private int made;
  private int forgotten;

  WideRows(RgbImage image, ResizeTaps taps) {
    this.image = image;
    this.taps = taps;
    this.columns = new int[image.width()][3 * BAND];
    this.rows = new int[image.height()][];
  }

  /**
   * All rows; those before {@code end} that are not forgotten are there, [3 * width] from 0 to 255.
   */
  int[][] until(int end) {
    while (made < end) {
      int height = Math.min(BAND, image.height() - made);
      for (int y = made; y < made + height; y++) {
        rows[y] = spare.isEmpty() ? new int[3 * taps.outputs()] : spare.pop();
      }
      takeColumns(height);
      for (int x = 0; x < taps.outputs(); x += TILE) {
        int count = Math.min(TILE, taps.outputs() - x);
        for (int i = 0; i < count; i++) {
          WeightedLines.sum(columns, taps, x + i, sums[i]);
        }
        giveColumns(x, count, height);
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
    for (int x = 0; x < image.width(); x++) {
      takeColumn(image.rgb(), made * stride + 3 * x, stride, columns[x], height);
    }
  }

  private static void takeColumn(byte[] rgb, int start, int stride, int[] column, int height) {
    for (int y = 0, at = start; y < height; y++, at += stride) {
      column[y] = rgb[at] & 0xff;
      column[y + BAND] = rgb[at + 1] & 0xff;
      column[y + 2 * BAND] = rgb[at + 2] & 0xff;
    }
  }

  private void giveColumns(int x, int count, int height) {
    for (int y = 0; y < height; y++) {
      int[] row = rows[made + y];
      for (int i = 0, at = 3 * x; i < count; i++, at += 3) {
        int[] sum = sums[i];
        row[at] = sum[y];
        row[at + 1] = sum[y + BAND];
        row[at + 2] = sum[y + 2 * BAND];
      }
    }
  }
}
