package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.protocol.Attempt;
import io.rglcd.cluster.protocol.Generation;
import io.rglcd.cluster.protocol.StepKey;
import io.rglcd.cluster.protocol.StepNumber;
import io.rglcd.cluster.protocol.Term;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What stands before each chunk on the wire.
 *
 * @param type what the chunk is
 * @param wire how its numbers are written
 * @param key the attempt it belongs to
 * @param index the micro-batch; -1 for the mean
 * @param offset its first number in the vector
 * @param elements how many numbers
 * @param crc CRC32C of its bytes
 */
record FrameHeader(
    Type type, Wire wire, StepKey key, int index, long offset, int elements, int crc) {

  enum Type {
    /** Part of a micro-batch's gradient, for the owner of the slice. */
    GRADIENT(1),
    /** Part of the mean gradient, from the owner. */
    MEAN(2);

    private final int code;

    Type(int code) {
      this.code = code;
    }
  }

  static final int BYTES = 64;
  private static final int MAGIC = 0x52474c44;

  int payloadBytes() {
    return wire.frameBytes(elements);
  }

  void write(ByteBuffer to) {
    to.clear();
    to.putInt(MAGIC);
    to.put((byte) type.code);
    to.put((byte) wire.bytes());
    to.putShort((short) 0);
    to.putLong(key.term().value());
    to.putLong(key.generation().value());
    to.putLong(key.step().value());
    to.putLong(key.attempt().value());
    to.putLong(offset);
    to.putInt(index);
    to.putInt(elements);
    to.putInt(crc);
    to.putInt(checksum(to));
    to.flip();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws DataPlaneException if it is not a header
   */
  static FrameHeader read(ByteBuffer from) {
    int magic = from.getInt(0);
    Optional<Type> type =
        Arrays.stream(Type.values()).filter(t -> t.code == from.get(4)).findFirst();
    Optional<Wire> wire =
        Arrays.stream(Wire.values()).filter(w -> w.bytes() == from.get(5)).findFirst();
    if (magic != MAGIC
        || from.getInt(BYTES - 4) != checksum(from)
        || type.isEmpty()
        || wire.isEmpty()
        || from.getInt(52) < 1
        || from.getInt(52) > 1 << 24) {
      throw new DataPlaneException("a frame's header is damaged");
    }
    StepKey key =
        new StepKey(
            new Term(from.getLong(8)),
            new Generation(from.getLong(16)),
            new StepNumber(from.getLong(24)),
            new Attempt(from.getLong(32)));
    return new FrameHeader(
        type.get(),
        wire.get(),
        key,
        from.getInt(48),
        from.getLong(40),
        from.getInt(52),
        from.getInt(56));
  }

  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().position(0).limit(BYTES - 4));
    return (int) crc.getValue();
  }
}
