package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.zip.CRC32C;

/**
 * Numbers travel as bfloat16: the upper half of a float32, rounded to the nearest, ties to even.
 * The bits of floats become integers and back by way of memory, which copies whole blocks; asked
 * for one by one they would keep the compiler from using vector instructions.
 */
final class Bfloat16Sum extends BlockSum {

  private static final int NAN = 0x7fc00000;
  private static final int INFINITY = 0x7f800000;

  private final int[] bits = new int[SIZE];
  private final short[] halves = new short[SIZE];
  private final ByteBuffer packed = buffer(SIZE * Short.BYTES);
  private final ByteBuffer memory = buffer(SIZE * Float.BYTES);
  private final FloatBuffer memoryAsFloats = memory.asFloatBuffer();
  private final IntBuffer memoryAsInts = memory.asIntBuffer();

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  void readOwn(ByteBuffer vector, int at, int count) {
    ints(vector, at, count).get(bits, 0, count);
    round(bits, count);
    memoryAsInts.put(0, bits, 0, count);
    memoryAsFloats.get(0, numbers, 0, count);
  }

  @Override
  void readArrived(ByteBuffer frame, int at, int count) {
    shorts(frame, at, count).asShortBuffer().get(halves, 0, count);
    for (int i = 0; i < count; i++) {
      numbers[i] = Float.intBitsToFloat(halves[i] << 16);
    }
  }

  @Override
  void write(ByteBuffer mean, int at, int count, CRC32C crc) {
    memoryAsFloats.put(0, sum, 0, count);
    memoryAsInts.get(0, bits, 0, count);
    round(bits, count);
    ints(mean, at, count).put(bits, 0, count);
    pack(packed, 0, count);
    crc.update(packed.slice(0, count * Short.BYTES));
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
      ints(vector, at, count).get(bits, 0, count);
      round(bits, count);
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
      shorts(frame, at, count).asShortBuffer().get(halves, 0, count);
      for (int i = 0; i < count; i++) {
        bits[i] = halves[i] << 16;
      }
      ints(vector, at, count).put(bits, 0, count);
    }
  }

  private void pack(ByteBuffer frame, int at, int count) {
    for (int i = 0; i < count; i++) {
      halves[i] = (short) (bits[i] >>> 16);
    }
    shorts(frame, at, count).asShortBuffer().put(halves, 0, count);
  }

  /** Without a branch: adds half of what falls away, less where that would break a tie upwards. */
  private static void round(int[] bits, int count) {
    for (int i = 0; i < count; i++) {
      int x = bits[i];
      int rounded = x + 0x7fff + ((x >>> 16) & 1);
      int isNan = (INFINITY - (x & Integer.MAX_VALUE)) >> 31;
      bits[i] = ((rounded & ~isNan) | (NAN & isNan)) & 0xffff0000;
    }
  }

  private static IntBuffer ints(ByteBuffer vector, int at, int count) {
    return vector
        .slice(at * Float.BYTES, count * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer();
  }

  private static ByteBuffer shorts(ByteBuffer frame, int at, int count) {
    return frame.slice(at * Short.BYTES, count * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}
