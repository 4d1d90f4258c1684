package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import io.rglcd.simd.VectorInstructions;

/** What is computed of chunks on their way; there are two ways to the same bits. Thread-safe. */
sealed interface Arithmetic permits SimdArithmetic, LibtorchArithmetic {

  /** By the processor's vector instructions where Java offers them, else by libtorch. */
  static Arithmetic best() {
    return VectorInstructions.areUsable() ? new SimdArithmetic() : new LibtorchArithmetic();
  }

  /** What computes, in words. */
  String name();

  /**
   * Rounds a chunk to bfloat16: the upper half of a float32, to the nearest, ties to even.
   *
   * @param room receives the chunk from its beginning on
   * @return CRC32C of the bytes of its frame
   */
  int pack(VectorBuffer vector, Chunk chunk, Room room);

  /**
   * Takes over a chunk that has arrived as bfloat16.
   *
   * @param room has the chunk from its beginning on
   * @param vector overwritten there
   */
  void unpack(Room room, VectorBuffer vector, Chunk chunk);

  /** Adds blocks of numbers as they travel; for one thread. */
  BlockSum blockSum(Wire wire);
}
