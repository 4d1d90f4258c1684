package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.ReductionPlan.Contribution;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Adds chunks in the order of the contributions, block by block, so that what is read of memory is
 * read once. Thread-safe.
 */
final class Addition {

  private final ThreadLocal<BlockSum> blocks;

  Addition(Wire wire) {
    this.blocks = ThreadLocal.withInitial(() -> BlockSum.of(wire));
  }

  /**
   * Writes a chunk of the mean.
   *
   * @param arrived by micro-batch; the others are held here
   * @param frame receives the chunk as it travels; with float32 the mean's own memory
   * @return CRC32C of the frame
   */
  int add(Reduction reduction, Chunk chunk, Map<Integer, ByteBuffer> arrived, ByteBuffer frame) {
    List<Contribution> all = reduction.plan().contributions();
    ByteBuffer[] parts = new ByteBuffer[all.size()];
    for (int i = 0; i < parts.length; i++) {
      int index = all.get(i).index();
      ByteBuffer part = arrived.get(index);
      parts[i] = part == null ? reduction.gradientBytes(index, chunk) : part;
    }
    BlockSum block = blocks.get();
    ByteBuffer mean = reduction.meanBytes(chunk);
    CRC32C crc = new CRC32C();
    for (int at = 0; at < chunk.elements(); at += BlockSum.SIZE) {
      int count = Math.min(BlockSum.SIZE, chunk.elements() - at);
      for (int i = 0; i < parts.length; i++) {
        if (arrived.containsKey(all.get(i).index())) {
          block.readArrived(parts[i], at, count);
        } else {
          block.readOwn(parts[i], at, count);
        }
        if (i == 0) {
          block.begin(all.get(i).weight(), count);
        } else {
          block.add(all.get(i).weight(), count);
        }
      }
      block.write(mean, frame, at, count, crc);
    }
    return (int) crc.getValue();
  }

  /** CRC32C of what remains in a buffer, which is left as it is. */
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
