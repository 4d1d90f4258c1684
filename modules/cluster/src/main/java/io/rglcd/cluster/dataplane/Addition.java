package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.AdditionOrder.Part;
import io.rglcd.cluster.dataplane.AdditionOrder.Step;
import io.rglcd.cluster.dataplane.BlockSum.Operand;
import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Adds chunks in the order of a reduction, block by block, so that what is read of memory is read
 * once, and makes what travels of them. Thread-safe.
 */
final class Addition {

  /** Numbers that are packed, then checked: some blocks. */
  private static final int PIECE = 4 * Bfloat16Blocks.SIZE;

  private final Wire wire;
  private final Staging staging;
  private final ThreadLocal<BlockSum> sums;
  private final ThreadLocal<Bfloat16Blocks> packers = ThreadLocal.withInitial(Bfloat16Blocks::new);

  /**
   * A chunk as it travels.
   *
   * @param crc CRC32C of the bytes
   * @param room whose bytes they are, to be given back; nothing where they are a vector's own
   */
  record Frame(ByteBuffer bytes, int crc, Optional<Room> room) {}

  Addition(Wire wire, Staging staging) {
    this.wire = wire;
    this.staging = staging;
    this.sums = ThreadLocal.withInitial(() -> BlockSum.of(wire));
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
    unpack(bytes, reduction.mean(), chunk);
    return new Frame(bytes, crc, Optional.of(room));
  }

  /** What the steps read. */
  private static Operand[] operands(
      Reduction reduction, List<Step> steps, Chunk chunk, Map<Integer, Room> arrived) {
    Operand[] operands = new Operand[steps.size()];
    for (int i = 0; i < operands.length; i++) {
      int index = steps.get(i).index();
      if (arrived.containsKey(index)) {
        operands[i] = Operand.travelled(arrived.get(index).bytes());
      } else if (!steps.get(i).merges()) {
        operands[i] = Operand.here(reduction.gradient(index).of(chunk));
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

  /** A chunk of a vector, rounded to bfloat16; checked piece by piece, while it is in the cache. */
  Frame packed(VectorBuffer vector, Chunk chunk) {
    Room room = staging.take();
    ByteBuffer bytes = room.bytes(wire.frameBytes(chunk.elements()));
    IntBuffer floats = words(vector.of(chunk));
    IntBuffer frame = words(bytes);
    CRC32C crc = new CRC32C();
    for (int at = 0; at < chunk.elements(); at += PIECE) {
      int count = Math.min(PIECE, chunk.elements() - at);
      packers.get().pack(floats, at, frame, Bfloat16Blocks.words(at), count);
      crc.update(bytes.slice(at * wire.bytes(), wire.frameBytes(count)));
    }
    return new Frame(bytes, (int) crc.getValue(), Optional.of(room));
  }

  /** Takes over a chunk that has travelled as bfloat16. */
  void unpack(ByteBuffer frame, VectorBuffer vector, Chunk chunk) {
    packers.get().unpack(words(frame), 0, words(vector.of(chunk)), 0, chunk.elements());
  }

  private static IntBuffer words(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
  }

  private int sum(List<Step> steps, Operand[] operands, Chunk chunk, ByteBuffer to) {
    BlockSum sum = sums.get();
    CRC32C crc = new CRC32C();
    for (int at = 0; at < chunk.elements(); at += BlockSum.SIZE) {
      int count = Math.min(BlockSum.SIZE, chunk.elements() - at);
      for (int i = 0; i < operands.length; i++) {
        Step step = steps.get(i);
        if (step.merges()) {
          sum.merge(count);
        } else {
          Operand operand = operands[i];
          if (step.adds()) {
            sum.add(operand, at, step.weight(), count);
          } else {
            sum.begin(operand, at, step.weight(), count);
          }
        }
      }
      sum.write(to, at, count, crc);
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
