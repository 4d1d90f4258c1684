package io.rglcd.cluster.dataplane;

import java.nio.IntBuffer;

/**
 * Float32 as bfloat16 and back: the upper half of a float32, rounded to the nearest, ties to even;
 * what is not a number becomes the bits 0x7fc0, as in libtorch. For one thread.
 *
 * <p>Numbers travel in blocks of {@link #SIZE}, the last one shorter, and each word of 32 bits of a
 * block holds a number of its first half below one of its second half: of n numbers, word i has
 * number i and number i + (n + 1) / 2. With neighbours in a word, Java's compiler would not make
 * vector instructions of the loops; for its sake too, all loops are over arrays, which blocks are
 * copied to and from.
 */
final class Bfloat16Blocks {

  /**
   * Numbers of a block, few enough that its arrays fit in the processor's nearest cache; chosen by
   * measurement (docs/performance.md).
   */
  static final int SIZE = 1280;

  private static final int NAN = 0x7fc00000;
  private static final int INFINITY = 0x7f800000;
  private static final int UPPER = 0xffff0000;

  private final int[] low = new int[SIZE / 2];
  private final int[] high = new int[SIZE / 2];
  private final int[] words = new int[SIZE / 2];

  /** Words of so many numbers of a block; the word before which a block of a frame begins. */
  static int words(int count) {
    return (count + 1) / 2;
  }

  /**
   * Rounds numbers of any count.
   *
   * @param floats bits of float32
   * @param at the first of them
   * @param frame receives words
   * @param to the first of them
   */
  void pack(IntBuffer floats, int at, IntBuffer frame, int to, int count) {
    for (int done = 0; done < count; done += SIZE) {
      packBlock(floats, at + done, frame, to + words(done), Math.min(SIZE, count - done));
    }
  }

  /**
   * Takes numbers of any count over.
   *
   * @param frame words
   * @param from the first of them
   * @param floats receives bits of float32
   * @param at the first of them
   */
  void unpack(IntBuffer frame, int from, IntBuffer floats, int at, int count) {
    for (int done = 0; done < count; done += SIZE) {
      unpackBlock(frame, from + words(done), floats, at + done, Math.min(SIZE, count - done));
    }
  }

  /**
   * Numbers of any count as they would be after their way.
   *
   * @param floats bits of float32
   * @param at the first of them
   * @param rounded receives bits of float32
   * @param to the first of them
   */
  void round(IntBuffer floats, int at, IntBuffer rounded, int to, int count) {
    for (int done = 0; done < count; done += words.length) {
      int some = Math.min(words.length, count - done);
      floats.get(at + done, words, 0, some);
      round(words, some);
      rounded.put(to + done, words, 0, some);
    }
  }

  private void packBlock(IntBuffer floats, int at, IntBuffer frame, int to, int count) {
    int half = words(count);
    floats.get(at, low, 0, half);
    high[half - 1] = 0;
    floats.get(at + half, high, 0, count - half);
    pack(low, high, words, half);
    frame.put(to, words, 0, half);
  }

  private void unpackBlock(IntBuffer frame, int from, IntBuffer floats, int at, int count) {
    int half = words(count);
    frame.get(from, words, 0, half);
    unpack(words, low, high, half);
    floats.put(at, low, 0, half);
    floats.put(at + half, high, 0, count - half);
  }

  private static void pack(int[] low, int[] high, int[] words, int half) {
    for (int i = 0; i < half; i++) {
      words[i] = (round(low[i]) >>> 16) | (round(high[i]) & UPPER);
    }
  }

  private static void round(int[] bits, int count) {
    for (int i = 0; i < count; i++) {
      bits[i] = round(bits[i]) & UPPER;
    }
  }

  /** Without a branch: adds half of what falls away, less where that would break a tie upwards. */
  private static int round(int x) {
    int isNan = (INFINITY - (x & Integer.MAX_VALUE)) >> 31;
    return ((x + 0x7fff + ((x >>> 16) & 1)) & ~isNan) | (NAN & isNan);
  }

  private static void unpack(int[] words, int[] low, int[] high, int half) {
    for (int i = 0; i < half; i++) {
      low[i] = words[i] << 16;
    }
    for (int i = 0; i < half; i++) {
      high[i] = words[i] & UPPER;
    }
  }
}
