package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Numbers travel as bfloat16 and are read and written by loops. Two neighbours are a word of 32
 * bits. The numbers at even places are added in the first half of a block and their neighbours in
 * the second, so that all loops are over whole words and become vector instructions. For the same
 * reason floats become integers and back by way of memory, which copies whole blocks.
 */
final class LoopBfloat16Sum extends LoopSum {

  private static final int HALF = SIZE / 2;
  private static final int NAN = 0x7fc00000;
  private static final int INFINITY = 0x7f800000;
  private static final int UPPER = 0xffff0000;

  private final int[] even = new int[HALF];
  private final int[] odd = new int[HALF];
  private final int[] words = new int[HALF];
  private final int[] here = new int[SIZE];
  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(SIZE * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final FloatBuffer memoryAsFloats = memory.asFloatBuffer();
  private final IntBuffer memoryAsInts = memory.asIntBuffer();

  @Override
  void read(Operand operand, int at, float[] numbers, int count) {
    int half = (count + 1) / 2;
    if (operand.isHere()) {
      ByteBuffer floats = operand.bytes().slice(at * Float.BYTES, count * Float.BYTES);
      floats.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(0, here, 0, count);
      part(here, even, odd, half);
      pack(words, even, odd, half);
    } else {
      words(operand.bytes(), at, half).get(0, words, 0, half);
    }
    unpack(words, even, odd, half);
    memoryAsInts.put(0, even, 0, half).put(half, odd, 0, count - half);
    memoryAsFloats.get(0, numbers, 0, count);
  }

  @Override
  ByteBuffer write(float[] sum, ByteBuffer frame, int at, int count) {
    int half = (count + 1) / 2;
    memoryAsFloats.put(0, sum, 0, count);
    memoryAsInts.get(0, even, 0, half).get(half, odd, 0, count - half);
    pack(words, even, odd, half);
    words(frame, at, half).put(0, words, 0, half);
    return frame.slice(at * Short.BYTES, half * Integer.BYTES);
  }

  private static void part(int[] numbers, int[] even, int[] odd, int half) {
    for (int i = 0; i < half; i++) {
      even[i] = numbers[2 * i];
      odd[i] = numbers[2 * i + 1];
    }
  }

  private static void unpack(int[] words, int[] even, int[] odd, int half) {
    for (int i = 0; i < half; i++) {
      even[i] = words[i] << 16;
      odd[i] = words[i] & UPPER;
    }
  }

  private static void pack(int[] words, int[] even, int[] odd, int half) {
    round(even, half);
    round(odd, half);
    for (int i = 0; i < half; i++) {
      words[i] = (even[i] >>> 16) | (odd[i] & UPPER);
    }
  }

  /** Without a branch: adds half of what falls away, less where that would break a tie upwards. */
  private static void round(int[] bits, int count) {
    for (int i = 0; i < count; i++) {
      int x = bits[i];
      int rounded = x + 0x7fff + ((x >>> 16) & 1);
      int isNan = (INFINITY - (x & Integer.MAX_VALUE)) >> 31;
      bits[i] = (rounded & ~isNan) | (NAN & isNan);
    }
  }

  private static IntBuffer words(ByteBuffer frame, int at, int half) {
    return frame
        .slice(at * Short.BYTES, half * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer();
  }
}
