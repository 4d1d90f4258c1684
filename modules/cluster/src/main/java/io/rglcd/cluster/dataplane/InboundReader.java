package io.rglcd.cluster.dataplane;

import io.rglcd.cluster.dataplane.Chunks.Chunk;
import io.rglcd.cluster.dataplane.Staging.Room;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads the frames of one other node and puts each where it belongs. */
final class InboundReader {

  private static final int PIECE = 128 << 10;

  private final SocketChannel channel;
  private final Rounds rounds;
  private final Staging staging;
  private final Addition addition;
  private final DataPlaneOptions options;
  private final ByteBuffer header = ByteBuffer.allocateDirect(FrameHeader.BYTES);

  InboundReader(
      SocketChannel channel,
      Rounds rounds,
      Staging staging,
      Addition addition,
      DataPlaneOptions options) {
    this.channel = channel;
    this.rounds = rounds;
    this.staging = staging;
    this.addition = addition;
    this.options = options;
  }

  /** Reads until the other side ends or something is wrong. */
  void run() throws IOException, InterruptedException {
    while (readHeader()) {
      readFrame(FrameHeader.read(header));
    }
  }

  /** Not in the loop of {@link #run}, which never ends and is not compiled while it runs. */
  private void readFrame(FrameHeader frame) throws IOException, InterruptedException {
    if (frame.wire() != options.wire() || frame.elements() > options.chunkElements()) {
      throw new DataPlaneException(
          "frame of "
              + frame.elements()
              + " numbers as "
              + frame.wire()
              + " (expected: at most "
              + options.chunkElements()
              + " as "
              + options.wire()
              + ", as configured here)");
    }
    Optional<ReductionWork> work = rounds.of(frame.key());
    Chunk chunk = work.map(w -> w.expected(frame)).orElse(null);
    if (chunk == null || !work.get().reduction().enter(channel)) {
      discard(frame);
    } else {
      take(frame, chunk, work.get());
    }
  }

  private void take(FrameHeader frame, Chunk chunk, ReductionWork work)
      throws IOException, InterruptedException {
    String failure = "";
    try {
      boolean intact =
          frame.type() == FrameHeader.Type.GRADIENT
              ? takeGradient(frame, chunk, work)
              : takeMean(frame, chunk, work.reduction());
      if (!intact) {
        failure = "a chunk at " + frame.offset() + " was damaged on the way";
      }
    } catch (RuntimeException e) {
      failure = ReductionWork.reason(e);
    } finally {
      work.reduction().leave(channel);
    }
    if (!failure.isEmpty()) {
      work.fail(failure);
      throw new DataPlaneException(failure);
    }
  }

  private boolean readHeader() throws IOException {
    header.clear();
    while (header.hasRemaining()) {
      if (channel.read(header) < 0) {
        if (header.position() == 0) {
          return false;
        }
        throw new EOFException("the connection ended within a frame");
      }
    }
    return true;
  }

  private boolean takeGradient(FrameHeader frame, Chunk chunk, ReductionWork work)
      throws IOException, InterruptedException {
    if (!work.awaitWindow(chunk)) {
      discard(frame);
      return true;
    }
    Room room = staging.take();
    boolean intact = false;
    try {
      intact = read(room.bytes(frame.payloadBytes()), frame, work.reduction());
    } finally {
      if (!intact) {
        staging.give(room);
      }
    }
    if (intact) {
      work.arrived(chunk, frame.index(), room);
    }
    return intact;
  }

  /** Float32 straight into the mean; if the round fails, nobody uses it. */
  private boolean takeMean(FrameHeader frame, Chunk chunk, Reduction reduction) throws IOException {
    boolean intact =
        options.wire() == Wire.FP32
            ? read(reduction.mean().of(chunk), frame, reduction)
            : readPacked(frame, chunk, reduction);
    if (intact) {
      reduction.meanIsHere(chunk);
    }
    return intact;
  }

  private boolean readPacked(FrameHeader frame, Chunk chunk, Reduction reduction)
      throws IOException {
    Room room = staging.take();
    try {
      ByteBuffer packed = room.bytes(frame.payloadBytes());
      boolean intact = read(packed, frame, reduction);
      if (intact) {
        addition.unpack(packed.clear(), reduction.mean(), chunk);
      }
      return intact;
    } finally {
      staging.give(room);
    }
  }

  /** Fills the buffer; whether its bytes are those that were sent. */
  private boolean read(ByteBuffer into, FrameHeader frame, Reduction reduction) throws IOException {
    int crc = fill(into);
    reduction.received(frame.payloadBytes());
    return crc == frame.crc();
  }

  private void discard(FrameHeader frame) throws IOException {
    Room room = staging.take();
    try {
      fill(room.bytes(frame.payloadBytes()));
    } finally {
      staging.give(room);
    }
  }

  /** Reads in pieces that are still in the processor's cache when they are added to the CRC32C. */
  private int fill(ByteBuffer into) throws IOException {
    CRC32C crc = new CRC32C();
    int end = into.limit();
    while (into.position() < end) {
      int start = into.position();
      into.limit(Math.min(end, start + PIECE));
      if (channel.read(into) < 0) {
        throw new EOFException("the connection ended within a frame");
      }
      crc.update(into.flip().position(start));
      into.limit(end);
    }
    return (int) crc.getValue();
  }
}
