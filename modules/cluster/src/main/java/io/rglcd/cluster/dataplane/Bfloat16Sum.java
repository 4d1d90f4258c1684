package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Numbers travel as bfloat16: the upper half of a float32, rounded to the nearest, ties to even. Of
 * a block the first half of the numbers travels in the lower halves of words of 32 bits, the second
 * half in the upper ones, so that they are packed and unpacked by loops over whole words, which
 * become vector instructions where loops over neighbours would not. For the same reason floats
 * become integers and back by way of memory, which copies whole blocks.
 */
final class Bfloat16Sum extends BlockSum {

  private static final int HALF = SIZE / 2;
  private static final int NAN = 0x7fc00000;
  private static final int INFINITY = 0x7f800000;
  private static final int UPPER = 0xffff0000;

  private final int[] first = new int[HALF];
  private final int[] second = new int[HALF];
  private final int[] words = new int[HALF];
  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(SIZE * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final FloatBuffer memoryAsFloats = memory.asFloatBuffer();
  private final IntBuffer memoryAsInts = memory.asIntBuffer();

  /** Bytes of numbers on their way: an odd one takes a whole word. */
  static int frameBytes(int count) {
    return (count + 1) / 2 * Integer.BYTES;
  }

  @Override
  void readOwn(ByteBuffer vector, int at, int count) {
    round(numbers(vector, at, count), count);
    join(memoryAsInts, count);
    memoryAsFloats.get(0, numbers, 0, count);
  }

  @Override
  void readArrived(ByteBuffer frame, int at, int count) {
    unpack(frame, at, count);
    join(memoryAsInts, count);
    memoryAsFloats.get(0, numbers, 0, count);
  }

  @Override
  void write(ByteBuffer mean, ByteBuffer frame, int at, int count, CRC32C crc) {
    memoryAsFloats.put(0, sum, 0, count);
    round(memoryAsInts, count);
    join(numbers(mean, at, count), count);
    pack(frame, at, count);
    crc.update(frame.slice(at * Short.BYTES, frameBytes(count)));
  }

  /**
   * Rounds numbers for their way.
   *
   * @param vector of float32
   * @param frame receives as many numbers, from its beginning on
   */
  void pack(ByteBuffer vector, ByteBuffer frame) {
    int elements = vector.remaining() / Float.BYTES;
    for (int at = 0; at < elements; at += SIZE) {
      int count = Math.min(SIZE, elements - at);
      round(numbers(vector, at, count), count);
      pack(frame, at, count);
    }
  }

  /**
   * The numbers that have arrived.
   *
   * @param frame of bfloat16
   * @param vector of float32, overwritten
   */
  void unpack(ByteBuffer frame, ByteBuffer vector) {
    int elements = vector.remaining() / Float.BYTES;
    for (int at = 0; at < elements; at += SIZE) {
      int count = Math.min(SIZE, elements - at);
      unpack(frame, at, count);
      join(numbers(vector, at, count), count);
    }
  }

  /** Reads the bits of a block, in halves, and rounds them. */
  private void round(IntBuffer bits, int count) {
    int half = (count + 1) / 2;
    bits.get(0, first, 0, half);
    bits.get(half, second, 0, count - half);
    Arrays.fill(second, count - half, half, 0);
    round(first, half);
    round(second, half);
  }

  /** Without a branch: adds half of what falls away, less where that would break a tie upwards. */
  private static void round(int[] bits, int count) {
    for (int i = 0; i < count; i++) {
      int x = bits[i];
      int rounded = x + 0x7fff + ((x >>> 16) & 1);
      int isNan = (INFINITY - (x & Integer.MAX_VALUE)) >> 31;
      bits[i] = ((rounded & ~isNan) | (NAN & isNan)) & UPPER;
    }
  }

  /** Writes the bits of a block. */
  private void join(IntBuffer bits, int count) {
    int half = (count + 1) / 2;
    bits.put(0, first, 0, half);
    bits.put(half, second, 0, count - half);
  }

  private void pack(ByteBuffer frame, int at, int count) {
    int half = (count + 1) / 2;
    pack(words, first, second, half);
    words(frame, at, half).put(0, words, 0, half);
  }

  private static void pack(int[] words, int[] first, int[] second, int half) {
    for (int i = 0; i < half; i++) {
      words[i] = (first[i] >>> 16) | (second[i] & UPPER);
    }
  }

  private void unpack(ByteBuffer frame, int at, int count) {
    int half = (count + 1) / 2;
    words(frame, at, half).get(0, words, 0, half);
    unpack(words, first, second, half);
  }

  private static void unpack(int[] words, int[] first, int[] second, int half) {
    for (int i = 0; i < half; i++) {
      first[i] = words[i] << 16;
      second[i] = words[i] & UPPER;
    }
  }

  private static IntBuffer numbers(ByteBuffer vector, int at, int count) {
    return ints(vector, at * Float.BYTES, count);
  }

  private static IntBuffer words(ByteBuffer frame, int at, int count) {
    return ints(frame, at * Short.BYTES, count);
  }

  private static IntBuffer ints(ByteBuffer bytes, int from, int count) {
    return bytes.slice(from, count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
  }
}
