package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.AdditionOrder.Part;
import io.rglcd.cluster.dataplane.AdditionOrder.Step;
import io.rglcd.cluster.dataplane.BlockSum.Operand;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Adds chunks in the order of a reduction, block by block, so that what is read of memory is read
 * once, and makes what travels of them. Thread-safe.
 */
final class Addition {

  private final Wire wire;
  private final Staging staging;
  private final Arithmetic arithmetic;
  private final ThreadLocal<BlockSum> blocks;

  /**
   * A chunk as it travels.
   *
   * @param crc CRC32C of the bytes
   * @param room whose bytes they are, to be given back; nothing where they are a vector's own
   */
  record Frame(ByteBuffer bytes, int crc, Optional<Room> room) {}

  Addition(Wire wire, Staging staging, Arithmetic arithmetic) {
    this.wire = wire;
    this.staging = staging;
    this.arithmetic = arithmetic;
    this.blocks = ThreadLocal.withInitial(() -> arithmetic.blockSum(wire));
  }

  /**
   * Writes a chunk of the mean, as if it had travelled.
   *
   * @param steps of {@link AdditionOrder#stepsAt}
   * @param arrived by micro-batch; the others are held here, and are added as if they had travelled
   */
  Frame mean(Reduction reduction, List<Step> steps, Chunk chunk, Map<Integer, Room> arrived) {
    Operand[] operands = operands(reduction, steps, chunk, arrived);
    if (wire == Wire.FP32) {
      ByteBuffer mean = reduction.mean().of(chunk);
      return new Frame(mean, sum(steps, operands, chunk, mean), Optional.empty());
    }
    Room room = staging.take();
    ByteBuffer bytes = room.bytes(wire.frameBytes(chunk.elements()));
    int crc = sum(steps, operands, chunk, bytes);
    arithmetic.unpack(room, reduction.mean(), chunk);
    return new Frame(bytes, crc, Optional.of(room));
  }

  /** What the steps read. */
  private static Operand[] operands(
      Reduction reduction, List<Step> steps, Chunk chunk, Map<Integer, Room> arrived) {
    Operand[] operands = new Operand[steps.size()];
    for (int i = 0; i < operands.length; i++) {
      int index = steps.get(i).index();
      if (arrived.containsKey(index)) {
        operands[i] = new Operand(arrived.get(index).bytes(), false);
      } else if (!steps.get(i).merges()) {
        operands[i] = new Operand(reduction.gradient(index).of(chunk), true);
      }
    }
    return operands;
  }

  /** What travels of a chunk of a part that this node holds. */
  Frame part(Reduction reduction, AdditionOrder order, Part part, Chunk chunk) {
    if (wire == Wire.BF16) {
      return packed(reduction.gradient(part.index()), chunk);
    }
    if (!part.isSum()) {
      ByteBuffer gradient = reduction.gradient(part.index()).of(chunk);
      return new Frame(gradient, checksum(gradient), Optional.empty());
    }
    List<Step> steps = order.stepsOf(part);
    Room room = staging.take();
    ByteBuffer bytes = room.bytes(wire.frameBytes(chunk.elements()));
    Operand[] operands = operands(reduction, steps, chunk, Map.of());
    int crc = sum(steps, operands, chunk, bytes);
    return new Frame(bytes, crc, Optional.of(room));
  }

  /** A chunk of a vector, rounded to bfloat16. */
  Frame packed(VectorBuffer vector, Chunk chunk) {
    Room room = staging.take();
    int crc = arithmetic.pack(vector, chunk, room);
    ByteBuffer bytes = room.bytes(wire.frameBytes(chunk.elements()));
    return new Frame(bytes, crc, Optional.of(room));
  }

  private int sum(List<Step> steps, Operand[] operands, Chunk chunk, ByteBuffer to) {
    BlockSum block = blocks.get();
    CRC32C crc = new CRC32C();
    for (int at = 0; at < chunk.elements(); at += BlockSum.SIZE) {
      int count = Math.min(BlockSum.SIZE, chunk.elements() - at);
      for (int i = 0; i < operands.length; i++) {
        Step step = steps.get(i);
        if (step.merges()) {
          block.merge(count);
        } else {
          Operand operand = operands[i];
          if (step.adds()) {
            block.add(operand, at, step.weight(), count);
          } else {
            block.begin(operand, at, step.weight(), count);
          }
        }
      }
      block.write(to, at, count, crc);
    }
    return (int) crc.getValue();
  }

  /** Nobody needs a frame any more. */
  void free(Frame frame) {
    frame.room().ifPresent(staging::give);
  }

  /** How numbers travel. */
  Wire wire() {
    return wire;
  }

  /** CRC32C of what remains in a buffer, which is left as it is. */
  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }
}
