package io.rglcd.cluster.dataplane;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Numbers travel as bfloat16. Floats become integers and back by way of memory, which copies whole
 * blocks: of what does so number by number Java's compiler makes no vector instructions.
 */
final class Bfloat16Sum extends BlockSum {

  private final Bfloat16Blocks blocks = new Bfloat16Blocks();
  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(SIZE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final FloatBuffer floats = memory.asFloatBuffer();
  private final IntBuffer bits = memory.asIntBuffer();

  @Override
  Wire wire() {
    return Wire.BF16;
  }

  @Override
  void read(Operand operand, int at, float[] numbers, int count) {
    if (operand.isHere()) {
      blocks.round(operand.words(), at, bits, 0, count);
    } else {
      blocks.unpack(operand.words(), Bfloat16Blocks.words(at), bits, 0, count);
    }
    floats.get(0, numbers, 0, count);
  }

  @Override
  void write(float[] sum, ByteBuffer block, int count) {
    floats.put(0, sum, 0, count);
    blocks.pack(bits, 0, block.asIntBuffer(), 0, count);
  }
}
