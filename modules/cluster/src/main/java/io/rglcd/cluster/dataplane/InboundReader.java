package io.rglcd.cluster.dataplane;

import ai.djl.ndarray.NDArray;
import io.rglcd.tensor.Scope;
import io.rglcd.tensor.TensorBuffers;
import io.rglcd.tensor.Torch;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Reads the frames of one other node and puts each where it belongs. */
final class InboundReader {

  private final SocketChannel channel;
  private final Rounds rounds;
  private final Staging staging;
  private final DataPlaneOptions options;
  private final ByteBuffer header = ByteBuffer.allocateDirect(FrameHeader.BYTES);

  InboundReader(SocketChannel channel, Rounds rounds, Staging staging, DataPlaneOptions options) {
    this.channel = channel;
    this.rounds = rounds;
    this.staging = staging;
    this.options = options;
  }

  /** Reads until the other side ends or something is wrong. */
  void run() throws IOException, InterruptedException {
    Torch.prepareThread();
    while (readHeader()) {
      FrameHeader frame = FrameHeader.read(header);
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
      Optional<Reduction> reduction = rounds.of(frame.key());
      if (reduction.isEmpty() || !reduction.get().expects(frame)) {
        discard(frame);
      } else if (frame.type() == FrameHeader.Type.GRADIENT) {
        readGradient(frame, reduction.get());
      } else {
        readMean(frame, reduction.get());
      }
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

  private void readGradient(FrameHeader frame, Reduction reduction)
      throws IOException, InterruptedException {
    Staging.Slot slot = staging.take();
    boolean kept = false;
    try {
      if (!reduction.awaitWindow(frame.offset())) {
        discardInto(frame, slot);
        return;
      }
      read(slot.bytes().limit(frame.payloadBytes()), frame, reduction);
      reduction.arrived(frame, slot);
      kept = true;
    } finally {
      if (!kept) {
        staging.give(slot);
      }
    }
  }

  /** Straight into the mean; if the round fails, nobody uses it. */
  private void readMean(FrameHeader frame, Reduction reduction) throws IOException {
    if (options.wire() == Wire.BF16) {
      readPackedMean(frame, reduction);
      return;
    }
    if (!reduction.enter()) {
      discard(frame);
      return;
    }
    try (Scope scope = Scope.open()) {
      read(TensorBuffers.alias(target(scope, frame, reduction)), frame, reduction);
    } finally {
      reduction.leave();
    }
    reduction.meanArrived(frame.offset(), frame.payloadBytes());
  }

  private void readPackedMean(FrameHeader frame, Reduction reduction) throws IOException {
    Staging.Slot slot = staging.take();
    try (Scope scope = Scope.open()) {
      read(slot.bytes().limit(frame.payloadBytes()), frame, reduction);
      if (!reduction.enter()) {
        return;
      }
      try {
        NDArray packed = TensorBuffers.narrow(scope, slot.raw(), 0, frame.payloadBytes());
        Wire.unpack(scope, target(scope, frame, reduction), packed);
      } finally {
        reduction.leave();
      }
      reduction.meanArrived(frame.offset(), frame.payloadBytes());
    } finally {
      staging.give(slot);
    }
  }

  private static NDArray target(Scope scope, FrameHeader frame, Reduction reduction) {
    return TensorBuffers.narrow(scope, reduction.mean(), frame.offset(), frame.elements());
  }

  private void read(ByteBuffer into, FrameHeader frame, Reduction reduction) throws IOException {
    ByteBuffer whole = into.duplicate();
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the connection ended within a frame");
      }
    }
    CRC32C crc = new CRC32C();
    crc.update(whole);
    if ((int) crc.getValue() != frame.crc()) {
      reduction.fail("a chunk at " + frame.offset() + " was damaged on the way");
      throw new DataPlaneException("a chunk was damaged on the way");
    }
  }

  private void discard(FrameHeader frame) throws IOException {
    Staging.Slot slot = staging.take();
    try {
      discardInto(frame, slot);
    } finally {
      staging.give(slot);
    }
  }

  private void discardInto(FrameHeader frame, Staging.Slot slot) throws IOException {
    ByteBuffer into = slot.bytes().clear().limit(frame.payloadBytes());
    while (into.hasRemaining()) {
      if (channel.read(into) < 0) {
        throw new EOFException("the connection ended within a frame");
      }
    }
  }
}
